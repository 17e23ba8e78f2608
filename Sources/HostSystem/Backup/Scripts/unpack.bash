#!/usr/bin/env bash
# unpack.bash COUNT RCLONE… CONTENT TARGET SUMS IDENTITY… -- PART… [+ PART…]…: fetches the parts of one volume and unpacks them.
#
# The COUNT words of RCLONE start it.
# With `-` for TARGET everything is read, and nothing written.
# CONTENT is `files`, for the empty directory TARGET, or `dump`, for the file TARGET, or `repository`, whose streams, with a
# `+` between them, fill the directory TARGET together; no IDENTITY: it is not encrypted.
# SUMS gets the sha256 of each part in their order: what was unpacked is believed when the caller has compared them.
# SUMS.said gets what tar says of single entries. SUMS.process holds its process id; SUMS.broken says that a part could not be read to its end, which proves nothing about the part.
set -euo pipefail
umask 077
cd /

rclone=("${@:2:$1}")
shift "$(($1 + 1))"
content=$1 target=$2 sums=$3
shift 3
identities=()
while [ "$1" != -- ]; do
    identities+=(--identity "$1")
    shift
done
shift

# For whoever comes after a kill of the one that started this.
printf '%s\n' "$$" >"$sums.process"

parts() { # PART…
    local part
    for part; do
        if ! "${rclone[@]}" cat "$part" | tee >(sha256sum | cut -d ' ' -f 1 >"$sums.part"); then
            : >"$sums.broken"
            return 1
        fi
        # The line is there when the sum's process has ended, which nobody waits for.
        until [ -s "$sums.part" ]; do sleep 0.02; done
        cat -- "$sums.part" >>"$sums"
        rm -f -- "$sums.part"
    done
}

# Of a stage that gives up: the parts are read to their end all the same, so that their sums tell whether they are damaged.
drain() {
    local status=$?
    cat >/dev/null
    return "$status"
}

unseal() { if [ "${#identities[@]}" = 0 ]; then cat; else age --decrypt "${identities[@]}"; fi; }

decompress() { if [ "$content" = repository ]; then cat; else zstd --quiet --decompress; fi; }

# Of many lines the first and the last, each without its middle: a path in it may be longer than the kernel takes.
short() { LC_ALL=C sed -n -E -e 's/^(.{200}).*(.{200})$/\1...\2/' -e '1,200p' -e '201,${$p;}'; }

extract() {
    tar --extract --file=- --directory="$target" --numeric-owner --same-owner --same-permissions --xattrs \
        --xattrs-include='*' --acls --sparse 2>&1 | short >>"$sums.said"
}

# Nothing is written. SUMS.long gets the number of entries with a path that the kernel would not take.
list() {
    {
        tar --list --file=- --quoting-style=escape 2>&3 | LC_ALL=C sed -E 's/\\([0-7]{3}|.)/x/g' |
            LC_ALL=C cut -b 4096- | { grep -c . >>"$sums.long" || true; }
    } 3>&1 | short >>"$sums.said"
}

unpack() {
    local status
    case $content:$target in
        dump:-) cat >/dev/null ;;
        dump:*) cat >"$target" ;;
        *:-) list ;;
        *) extract ;;
    esac || {
        status=$?
        tail -n 20 -- "$sums.said" >&2
        return "$status"
    }
}

stream() { # PART…
    parts "$@" | { unseal || drain; } | { decompress || drain; } | { unpack || drain; }
}

: >"$sums"
: >"$sums.said"
stream=()
for part; do
    if [ "$part" = + ]; then
        stream "${stream[@]}"
        stream=()
    else
        stream+=("$part")
    fi
done
stream "${stream[@]}"
