# shellcheck shell=bash
# host.sh: sourced by tell and tell-upgrade; a booted host with a customer repo, and how a rule about it is told.

prepare() {
    mkdir -p /run/netns
    mount -t tmpfs tmpfs /run/netns
    ip link set lo up
    ip link add vsn type bridge
    ip address add 10.232.0.1/24 dev vsn
    ip link set vsn up
    "$here/box" create one 10.232.0.11 "$disk"
    "$here/box" start one
    "$here/box" wait one
}

rule() { # FUNCTION RULE
    local began status=0
    began=$(now)
    : >"$work/figures"
    # In the background, since Bash goes on after errors in what it tests.
    "$1" >"$work/log" 2>&1 &
    wait "$!" || status=$?
    if [ "$status" = 0 ]; then
        printf 'pass   %s (%s)\n' "$2" "$(since "$began")"
        cat "$work/figures"
        return
    fi
    printf 'FAIL   %s\n' "$2"
    tail -n 40 "$work/log" | sed 's/^/       | /'
    timeout 10 "$here/box" ssh one 'journalctl --unit fairlead --no-pager --lines 30; podman ps -a' 2>&1 | sed 's/^/       | /'
    exit 1
}

give() { # FILE NAME: to the host
    on one "cat >/root/$2" <"$1"
}

give_customer_repo() { # FILTER: jq changes its plan
    local repo=$work/acme
    mkdir -p "$repo/images/web" "$repo/hosts"
    cp "$(command -v busybox)" "$repo/images/web/busybox"
    printf 'FROM scratch\nCOPY busybox /bin/busybox\nCMD ["/bin/busybox", "sleep", "infinity"]\n' >"$repo/images/web/Containerfile"
    echo '{}' >"$repo/hosts/one.json"
    jq --null-input '{
        schemaVersion: 1, stack: "acme", version: "1.0.0",
        containers: { web: {
            image: { build: "images/web" }, volumes: [{ data: "web", target: "/data" }], stopTimeout: "1s",
            health: { command: ["/bin/busybox", "true"], interval: "1s" }
        } }
    }' | jq "$1" >"$repo/plan.json"
    git -C "$repo" init --quiet --initial-branch main
    give_commit 'Run acme 1.0.0'
}

give_commit() { # SUBJECT
    git -C "$work/acme" add --all
    git -C "$work/acme" -c user.name=Olga -c user.email=olga@example.com commit --quiet --message "$1"
    tar -C "$work" -c acme | on one tar -C /root --no-same-owner -x
}

configure() {
    jq --null-input '{ repository: { url: "/root/acme" }, host: "one", interval: "5s", jitter: "0s" }' \
        | on one 'umask 077 && cat >/etc/fairlead/config.json'
}

# The container's process, which another one would not have.
web() { on one podman inspect --format "'{{.Id}} {{.State.Pid}} {{.State.StartedAt}}'" acme-web; }
is_deployed() { [ "$(last_deployment one '.outcome')" = deployed ]; }
