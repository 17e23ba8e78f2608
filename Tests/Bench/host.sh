# shellcheck shell=bash disable=SC2154
# host.sh: sourced by the measurements; a host that is made to be measured: its servers and its configuration.

registry=127.0.0.1:5000
socket=$work/podman.sock
export registry socket FAIRLEAD_CONFIG=$work/config.json
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.com
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.com

now() { date +%s%3N; }

start_servers() { # IMAGES
    "$here/../Demo/images/registry.sh" "$1" "$registry" &
    podman system service --time 0 "unix://$socket" 2>/dev/null &
    until curl --silent --fail --output /dev/null "http://$registry/v2/" && [ -S "$socket" ]; do sleep 0.1; done
}

configure() {
    jq --null-input --arg work "$work" '{
        repository: { url: "\($work)/repo.git" }, host: "bench",
        stateDirectory: "\($work)/state", dataRoot: "\($work)/data", runtimeDirectory: "\($work)/run",
        interval: "1s", jitter: "0s",
        engine: { socket: "\($work)/podman.sock", storage: "\($work)/podman/storage" } }' >"$FAIRLEAD_CONFIG"
    mkdir "$work/state" "$work/data" "$work/run"
    git init --quiet --bare --initial-branch main "$work/repo.git"
    git init --quiet --initial-branch main "$work/repo"
    mkdir "$work/repo/hosts"
    echo '{}' >"$work/repo/hosts/bench.json"
}

commit() { # SUBJECT
    git -C "$work/repo" add --all
    git -C "$work/repo" commit --quiet --allow-empty --message "$1"
    git -C "$work/repo" push --quiet "$work/repo.git" main
}
