#!/usr/bin/env bash
# play.sh FAIRLEAD WORK SECONDS SEED: one run of soak.sh; runs in sandbox.sh. Faults are written to WORK/faults.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
fairlead=$1 work=$2 seconds=$3 seed=$4
began=$(date +%s%3N)
# shellcheck source-path=SCRIPTDIR source=host.sh
. "$here/host.sh"
# shellcheck source-path=SCRIPTDIR source=watch.sh
. "$here/watch.sh"
# shellcheck source-path=SCRIPTDIR source=acts.sh
. "$here/acts.sh"
# shellcheck source-path=SCRIPTDIR source=verdict.sh
. "$here/verdict.sh"

play() {
    local end=$((SECONDS + seconds)) turn=0
    while [ "$SECONDS" -lt "$end" ]; do
        turn=$((turn + 1))
        act "$turn"
    done
    echo "$turn acts, $(wc -l <"$work/acknowledged") rows"
}

trap 'kill "$(cat "$work/daemon.pid")" 2>/dev/null || true' EXIT
start_registry
push_images
prepare_host
write_plan 1
commit 'Run soak 1'
start_daemon
within 120 serves_version 1 || fault "the first commit is not served after 120 s"
watch &
watcher=$!
# From here on the seed decides; nothing that depends on the clock may draw from it.
RANDOM=$seed
play
touch "$work/over"
wait "$watcher" || true
heal
judge
[ ! -s "$work/faults" ]
