#!/usr/bin/env bash
# redeploy.sh FAIRLEAD: what a redeploy and a poll cost, beside bare Podman that does the same work by hand, in one
# run on one Podman of its own. COUNTS="5 25" and RUNS=3 are the defaults; each figure is the median.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
fairlead=$(readlink -f "${1:?usage: redeploy.sh FAIRLEAD}")
[ "$(id -u)" = 0 ] || {
    echo "redeploy.sh: rootful Podman is measured; run it as root" >&2
    exit 1
}

work=$(mktemp -d /tmp/fairlead-bench.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP
"$here/../Demo/sandbox.sh" "$work" "$here/measure.sh" "$fairlead" "$work" "${COUNTS:-5 25}" "${RUNS:-3}"
