#!/usr/bin/env bash
# soak.sh FAIRLEAD [SECONDS [SEED...]]: a host of its own under random commits, kills and removals for SECONDS, once with each
# SEED (a random one when left out), then healed: it has to converge, to have lost nothing and to have left nothing over.
# The same seed does the same acts in the same order. What a failed run leaves to look at is kept, and named.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
fairlead=$(readlink -f -- "${1:?usage: soak.sh FAIRLEAD [SECONDS [SEED...]]}")

[ "$(id -u)" = 0 ] || exec sudo --preserve-env=SOAK_LOGS "$0" "$@"
seconds=${2:-600}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- "$(($(date +%s) % 32768))"

# The sandbox cleans up after itself; only then may its directory go.
interrupted() {
    trap '' INT TERM HUP
    [ -z "${sandbox:-}" ] || { kill "$sandbox" && wait "$sandbox"; } 2>/dev/null || true
    exit 130
}

keep_logs() { # SEED
    local kept=${SOAK_LOGS:-/var/tmp}/fairlead-soak-$1
    rm -rf "$kept"
    mkdir -p "$kept"
    (cd "$work" && cp -a timeline faults daemon.log engine.log config.json state repo.git end "$kept/" 2>/dev/null) || true
    printf 'seed %s failed; the time line of what was done to it:\n' "$1" >&2
    cat "$work/timeline" >&2
    printf 'seed %s failed:\n' "$1" >&2
    cat "$work/faults" >&2
    printf 'logs and state are kept in %s\n' "$kept" >&2
}

soak() { # SEED
    local status=0
    # Short, since the path of a socket has at most 107 characters.
    work=$(mktemp -d /tmp/fairlead-soak.XXXXXX)
    trap 'rm -rf --one-file-system "$work"' EXIT
    : >"$work/faults"
    : >"$work/timeline"
    "$here/../Demo/sandbox.sh" "$work" "$here/play.sh" "$fairlead" "$work" "$seconds" "$1" &
    sandbox=$!
    wait "$sandbox" || status=$?
    [ "$status" = 0 ] || keep_logs "$1"
    rm -rf --one-file-system "$work"
    return "$status"
}

trap interrupted INT TERM HUP
failed=()
for seed in "$@"; do
    echo "soak: $seconds s with seed $seed"
    soak "$seed" || failed+=("$seed")
done
[ ${#failed[@]} != 0 ] || echo "soak: converged, lost nothing and left nothing over with seed $*"
[ ${#failed[@]} = 0 ] || {
    printf 'soak: failed with seed %s; again: make soak SOAK_SECONDS=%s SOAK_SEED=...\n' "${failed[*]}" "$seconds" >&2
    exit 1
}
