# shellcheck shell=bash
# operator.sh: sourced by run; what an operator and a customer do: commit, install, look at a host, wait.

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

address() { cat "$VSN_DIR/$1/address"; }
boot_id() { cat "$VSN_DIR/$1/boot_id"; }
has_booted_since() { [ "$(boot_id "$1")" != "$2" ]; }
answer() { curl --silent --max-time 2 "http://$(address "$1")/healthz" || true; }
serves() { [ "$(answer "$1")" = "acme $2" ]; }      # BOX VERSION
is_silent() { [ -z "$(answer "$1")" ]; }

sql() { # BOX STATEMENT
    on "$1" podman exec acme-database psql -qAtc "'$2'"
}

has_orders() { # BOX: every order that was ever confirmed is there
    local found
    found=$(sql "$1" 'SELECT count(*), coalesce(sum(id), 0) FROM orders')
    [ "$found" = "$(cat "$work/orders")|$((orders * (orders + 1) / 2))" ] || fail "orders of '$1': $found"
}

place_order() { # BOX
    orders=$(($(cat "$work/orders") + 1))
    sql "$1" "INSERT INTO orders VALUES ($orders)"
    echo "$orders" >"$work/orders"
}

commit() { # VERSION
    jq --arg version "$1" '.version = $version' "$work/acme/plan.json" >"$work/plan.json"
    cp "$work/plan.json" "$work/acme/plan.json"
    git -C "$work/acme" add --all
    git -C "$work/acme" commit --quiet --allow-empty --message "Run acme $1"
    git -C "$work/acme" push --quiet origin main
}

last_deployment() { # BOX FILTER
    on "$1" fairlead history --output json | jq --raw-output "[.entries[] | select(.deployment)][0] | $2"
}

# A copy of the template with this host in it; its secrets are encrypted for the key of the host.
make_customer_repo() {
    git init --quiet --bare --initial-branch main "$work/acme.git"
    cp -a "$here/../../customer-repo-template" "$work/acme"
    git -C "$work/acme" init --quiet --initial-branch main
    git -C "$work/acme" remote add origin "$work/acme.git"
    cp "$here/vsn-host.json" "$work/acme/hosts/vsn.json"
    jq --arg registry "$registry_password" '.registry = $registry' "$work/acme/secrets.example.json" \
        | age --encrypt --recipient "$(age-keygen -y "$work/age.txt")" --output "$work/acme/secrets.json.age"
}

# What goes to a host: the binary, deploy/, and the configuration with the keys of the first one.
make_release() { # BINARY
    local release=$work/release
    mkdir -p "$release/etc/fairlead"
    "$here/../../deploy/package-binary" "$1" "$release" >/dev/null
    # The libraries that are not Debian's.
    ldd "$1" | awk '$3 ~ /^\// && $3 !~ /^\/(usr\/)?lib/ { print $3 }' \
        | while read -r library; do install -D -t "$release/lib" "$library"; done
    cp -r "$here/../../deploy" "$here/install" "$release/"
    cp "$servers/tls.crt" "$release/registry.crt"
    cp "$work/age.txt" "$servers/known_hosts" "$release/etc/fairlead/"
    cp "$servers/deploy_key" "$release/etc/fairlead/ssh_key"
    jq --null-input --arg url "ssh://root@server.test$work/acme.git" '{
        repository: { url: $url, sshKey: "/etc/fairlead/ssh_key", knownHosts: "/etc/fairlead/known_hosts" },
        host: "vsn", interval: "5s", jitter: "0s", ageIdentity: "/etc/fairlead/age.txt"
    }' >"$release/etc/fairlead/config.json"
}

new_host() { # BOX ADDRESS
    "$here/box" create "$1" "$2" "$image"
    "$here/box" start "$1"
    "$here/box" wait "$1"
}

install_fairlead() { # BOX
    tar -C "$work/release" -c . | on "$1" 'mkdir -p /root/fairlead && tar -C /root/fairlead -x && /root/fairlead/install'
}
