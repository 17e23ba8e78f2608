#!/usr/bin/env bash
# measure.sh FAIRLEAD WORK COUNTS RUNS: the measurements of redeploy.sh; runs in sandbox.sh.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
fairlead=$1 work=$2 counts=$3 runs=$4
# shellcheck source-path=SCRIPTDIR source=bare-podman.sh
. "$here/bare-podman.sh"

# shellcheck source-path=SCRIPTDIR source=host.sh
. "$here/host.sh"

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
row() { printf '%-10s %-28s %10s %12s\n' "$@"; }

push_images() {
    mkdir "$work/image"
    cp "$(command -v busybox)" "$work/image/busybox"
    local version
    for version in 1 2; do
        echo "version $version" >"$work/image/index.html"
        printf 'FROM scratch\nCOPY busybox /bin/busybox\nCOPY index.html /www/index.html\nCMD %s\n' \
            '["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]' \
            | podman build --quiet --tag "$registry/bench/web:$version" --file - "$work/image" >/dev/null
        podman push --quiet "$registry/bench/web:$version"
    done
    podman rmi --all --force >/dev/null
}

commit_plan() { # COUNT VERSION
    jq --null-input --argjson count "$1" --arg version "$2" --arg registry "$registry" '{
        schemaVersion: 1, stack: "bench", version: $version,
        containers: ([range($count) | { key: "web\(.)", value: {
            image: "\($registry)/bench/web:${version}", ports: ["127.0.0.1:\(9000 + .):8080"], stopTimeout: "2s",
            health: { http: { port: 8080, path: "/" }, interval: "100ms", timeout: "1s", retries: 100 } } }]
            | from_entries) }' >"$work/repo/plan.json"
    commit "Run $1 of version $2"
}

# Prints wall time and downtime in milliseconds, of a redeploy to VERSION.
fairlead_redeploy() { # COUNT VERSION
    commit_plan "$1" "$2"
    local began
    began=$(now)
    "$fairlead" reconcile >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
    echo "$(($(now) - began)) $("$fairlead" history --limit 1 --output json | jq '.entries[0].downtimeMilliseconds')"
}

measure() { # COUNT NAME COMMAND: one redeploy uncounted, then RUNS of them, alternating versions
    local run version=1
    "$3" "$1" "$version" >/dev/null
    for ((run = 0; run < runs; run++)); do
        version=$((3 - version))
        "$3" "$1" "$version" >>"$work/$3.$1"
    done
    row "$1" "$2" "$(cut -d ' ' -f 1 "$work/$3.$1" | median) ms" "$(cut -d ' ' -f 2 "$work/$3.$1" | median) ms"
}

# User and system time of a process and of its ended children, in milliseconds.
cpu_of() { awk -v hertz="$(getconf CLK_TCK)" '{ print ($14 + $15 + $16 + $17) * 1000 / hertz }' "/proc/$1/stat"; }

measure_daemon() { # with the stack that runs
    local daemon before after seconds=20
    "$fairlead" run >"$work/daemon.log" 2>&1 &
    daemon=$!
    sleep 5
    before=$(cpu_of "$daemon")
    sleep "$seconds"
    after=$(cpu_of "$daemon")
    printf '\ndaemon: %s resident, %s ms of CPU in each of %s polls without a change\n' \
        "$(awk '/VmRSS/ { print int($2 / 1024) " MiB" }' "/proc/$daemon/status")" \
        "$(awk -v a="$after" -v b="$before" -v n="$seconds" 'BEGIN { printf "%.1f", (a - b) / n }')" "$seconds"
    kill "$daemon"
    wait "$daemon" || true
}

measure_cycle() {
    local TIMEFORMAT='no-change reconcile: %R s wall, %U s user, %S s system'
    time "$fairlead" reconcile >/dev/null 2>&1
}

start_servers "$work/registry"
push_images
configure
printf '%s, %s, %s cores\n' "$(podman --version)" "$("$fairlead" version 2>/dev/null | head -n 1)" "$(nproc)"
printf 'binary: %s\n\n' "$(du --human-readable --apparent-size "$fairlead" | cut -f 1)"
row containers way wall downtime
# Fairlead last, since its stack is what the daemon finds then.
for count in $counts; do
    measure "$count" 'podman CLI, batched' cli_redeploy
    bare_teardown
    measure "$count" 'podman REST, 4 at a time' rest_redeploy
    bare_teardown
done
for count in $counts; do
    measure "$count" 'fairlead reconcile' fairlead_redeploy
done
measure_daemon
measure_cycle
