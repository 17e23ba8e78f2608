# shellcheck shell=bash
# operator.sh: sourced by tell; what an operator and a customer do: bootstrap, commit, look at a host, wait.

on() { # BOX COMMAND...
    local box=$1
    shift
    "$here/box" ssh "$box" "$@"
}

fail() {
    echo "failed: $*" >&2
    exit 1
}

# One line of the story's result.
figure() { echo "       $*" >>"$work/figures"; }

# Milliseconds of a clock that nobody sets.
now() {
    local uptime
    read -r uptime _ </proc/uptime
    echo "${uptime/./}0"
}
since() { # MILLISECONDS: as seconds
    local elapsed=$(($(now) - $1))
    printf '%d.%d s' $((elapsed / 1000)) $((elapsed % 1000 / 100))
}

until_holds() { # SECONDS COMMAND...
    local deadline=$(($(now) + $1 * 1000))
    shift
    until "$@"; do
        [ "$(now)" -lt "$deadline" ] || fail "not in time: $*"
        sleep 0.1
    done
}

# Ends with this status, and no other.
ends_with() { # STATUS COMMAND...
    local expected=$1 status=0
    shift
    "$@" || status=$?
    [ "$status" = "$expected" ] || fail "ended with $status, not $expected: $*"
}

address() { cat "$VSN_DIR/$1/address"; }
boot_id() { cat "$VSN_DIR/$1/boot_id"; }
has_booted_since() { [ "$(boot_id "$1")" != "$2" ]; }
answer() { curl --silent --max-time 2 "http://$(address "$1")/healthz" || true; }
serves() { [ "$(answer "$1")" = "acme $2" ]; }      # BOX VERSION
is_silent() { [ -z "$(answer "$1")" ]; }
containers() { on "$1" podman ps --quiet --no-trunc | sort; }

sql() { # BOX STATEMENT
    on "$1" podman exec acme-database psql -qAtc "'$2'"
}

has_orders() { # BOX: every order that was ever confirmed is there
    local found orders
    orders=$(cat "$work/orders")
    found=$(sql "$1" 'SELECT count(*), coalesce(sum(id), 0) FROM orders')
    [ "$found" = "$orders|$((orders * (orders + 1) / 2))" ] || fail "orders of '$1': $found"
}

place_order() { # BOX
    local orders
    orders=$(($(cat "$work/orders") + 1))
    sql "$1" "INSERT INTO orders VALUES ($orders)"
    echo "$orders" >"$work/orders"
}

push() { # SUBJECT
    git -C "$work/acme" add --all
    git -C "$work/acme" commit --quiet --allow-empty --message "$1"
    git -C "$work/acme" push --quiet origin main
}

commit() { # VERSION
    jq --arg version "$1" '.version = $version' "$work/acme/plan.json" >"$work/plan.json"
    cp "$work/plan.json" "$work/acme/plan.json"
    push "Run acme $1"
}

# Every commit from now on, with a key of Olga's.
begin_to_sign() {
    [ -f "$servers/olga" ] || ssh-keygen -q -t ed25519 -N '' -C '' -f "$servers/olga"
    git -C "$work/acme" config gpg.format ssh
    git -C "$work/acme" config user.signingkey "$servers/olga.pub"
    git -C "$work/acme" config commit.gpgsign true
}

revert() {
    git -C "$work/acme" revert --no-edit HEAD >/dev/null
    git -C "$work/acme" push --quiet origin main
}

last_deployment() { # BOX FILTER
    on "$1" fairlead history --output json | jq --raw-output "[.entries[] | select(.deployment)][0] | $2"
}

# A copy of the template; the hosts' entries and the secrets come when there are hosts.
make_customer_repo() {
    git init --quiet --bare --initial-branch main "$work/acme.git"
    cp -a "$here/../../customer-repo-template" "$work/acme"
    git -C "$work/acme" init --quiet --initial-branch main
    git -C "$work/acme" remote add origin "$work/acme.git"
    : >"$work/recipients"
    # Each host says what mail it sends.
    jq '.backup = "none" | del(.mail)' "$here/../../customer-repo-template/plan.json" >"$work/acme/plan.json"
    commit 1.0.0
}

# What somebody does who reads the output of bootstrap.sh.
admit() { # NAME OUTPUT [FILTER]: with FILTER jq changes its entry
    local recipient
    grep --max-count 1 --only-matching 'ssh-ed25519 AAAA[^ ]* fairlead@.*' "$2" | sed 's/^/restrict /' >>"$servers/authorized_keys" || true
    recipient=$(grep --only-matching 'age1[a-z0-9]*' "$2" | head -n 1)
    echo "$recipient" >>"$work/recipients"
    jq --arg key "$(pinned_key "$2")" ".hostKey = \$key | ${3:-.}" "$here/vsn-host.json" >"$work/acme/hosts/$1.json"
    encrypt "$registry_password"
    push "Admit $1"
}

pinned_key() { sed -n 's/.*"hostKey": "\([^"]*\)".*/\1/p' "$1" | head -n 1; } # OUTPUT

encrypt() { # REGISTRY-PASSWORD
    jq --arg registry "$1" '.registry = $registry' "$work/acme/secrets.example.json" \
        | age --encrypt --recipients-file "$work/recipients" --output "$work/acme/secrets.json.age"
}

push_wrong_password() { # to a branch 'wrong'
    encrypt a-wrong-password
    git -C "$work/acme" checkout --quiet -b wrong
    git -C "$work/acme" commit --quiet --all --message 'Write a wrong password'
    git -C "$work/acme" push --quiet origin wrong
    git -C "$work/acme" checkout --quiet main
}

new_host() { # BOX ADDRESS
    "$here/box" create "$1" "$2" "$image" "$servers/tls.crt"
    "$here/box" start "$1"
    "$here/box" wait "$1"
}

# As docs/bootstrap.md says: nothing is on the host before.
bootstrap() { # BOX OPTION...
    local box=$1
    shift
    on "$box" "bash -s -- $*" <"$bootstrap"
}

# See publish.
signed_by_its_builder() { echo "--signed-by $(cut -d ' ' -f 1,2 "$servers/release_key.pub")"; }

# Somebody who is not root, but may become it.
add_operator() { # BOX NAME
    on "$1" "useradd --create-home --shell /bin/bash $2 && cp -r /root/.ssh /home/$2/ && chown -R $2: /home/$2/.ssh &&
        echo '$2 ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/$2"
}

# No random time between two polls: the stories are told in seconds.
without_jitter() { # BOX
    on "$1" 'mkdir -p /etc/systemd/system/fairlead.service.d &&
        printf "[Service]\nEnvironment=FAIRLEAD_JITTER=0s\n" >/etc/systemd/system/fairlead.service.d/test.conf &&
        systemctl daemon-reload && systemctl restart fairlead'
}

# What a dry run must leave as it is.
fingerprint() { # BOX
    on "$1" 'find /etc /opt /root /srv /usr /var -xdev -not -path "/var/log/*" -not -path "/var/lib/systemd/*" \
        -not -path "/var/tmp*" -printf "%p %y %m %s %C@\n" | sort | sha256sum'
}

# The same package as another version would be: what differs between two versions is not the package's business.
repack() { # PACKAGE VERSION DIR
    dpkg-deb --raw-extract "$1" "$work/repacked"
    sed -i "s/^Version: .*/Version: $2/" "$work/repacked/DEBIAN/control"
    mkdir -p "$3"
    dpkg-deb --root-owner-group -Zzstd -z1 --build "$work/repacked" "$3/fairlead_$2_$(dpkg --print-architecture).deb" >/dev/null
    "$here/../../deploy/package/sums" "$3"
    rm -rf "$work/repacked"
}
