#!/usr/bin/env bash
# backup.sh FAIRLEAD: what backups of a 500 MB tree cost, first and second run, beside plain tools that do the same by
# hand and beside restic; how long a PostgreSQL stands still for one; how long a recovery takes. All in one run, on one
# Podman and one S3 gateway of its own. TREE=500 and DATABASE=500 are megabytes.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
fairlead=$(readlink -f "${1:?usage: backup.sh FAIRLEAD}")
[ "$(id -u)" = 0 ] || {
    echo "backup.sh: rootful Podman is measured; run it as root" >&2
    exit 1
}

images=$("$here/../Demo/demo.sh" --images)
work=$(mktemp -d /tmp/fairlead-bench.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP
"$here/../Demo/sandbox.sh" "$work" "$here/measure-backup.sh" "$fairlead" "$work" "$images" \
    "${TREE:-500}" "${DATABASE:-500}"
