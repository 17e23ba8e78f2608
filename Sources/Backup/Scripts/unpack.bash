#!/usr/bin/env bash
# unpack.bash COUNT RCLONE… CONFINER CONTENT TARGET SUMS IDENTITY… -- SUM PART… [+ SUM PART…]…: fetches the parts of one volume and unpacks them.
#
# The COUNT words of RCLONE start it. CONFINER is the program of Fairlead, which takes from the programs that unpack what they
# do not need; empty: they run as they are.
# With `-` for TARGET everything is read, and nothing written.
# CONTENT is `files`, for the empty directory TARGET, or `dump`, for the file TARGET, or `repository`, whose streams, with a
# `+` between them, fill the directory TARGET together; no IDENTITY: it is not encrypted.
# What is written anywhere is what was saved: each part is fetched beside SUMS as a whole, the next one meanwhile, and no program
# reads it unless its sha256 is SUM. SUMS gets the sha256 of each part that was read, in their order.
# SUMS.said gets what tar says of single entries. SUMS.process holds its process id; SUMS.broken says that a part could not be read to its end, which proves nothing about the part.
set -euo pipefail
umask 077
cd /

rclone=("${@:2:$1}")
shift "$(($1 + 1))"
# shellcheck disable=SC2034 # confined.bash, which stands above, reads 'confiner'
confiner=$1 content=$2 target=$3 sums=$4
shift 4
identities=() readable=()
while [ "$1" != -- ]; do
    identities+=(--identity "$1")
    readable+=(--read "$1")
    shift
done
shift

# For whoever comes after a kill of the one that started this.
printf '%s\n' "$$" >"$sums.process"

# Reads them as they come: only a program that can do nothing may see them.
look_at() { # [SUM PART]…
    while [ "$#" -gt 0 ]; do
        if ! "${rclone[@]}" cat "$2" | tee >(sha256sum | cut -d ' ' -f 1 >"$sums.part"); then
            : >"$sums.broken"
            return 1
        fi
        shift 2
        # The line is there when the sum's process has ended, which nobody waits for.
        until [ -s "$sums.part" ]; do sleep 0.02; done
        cat -- "$sums.part" >>"$sums"
        rm -f -- "$sums.part"
    done
}

fetch() { exec "${rclone[@]}" cat "$1" >"$2"; } # PART FILE: in the background

checked() { # [SUM PART]…
    local coming held=0 file sum
    fetch "$2" "$sums.part.$held" &
    coming=$!
    while [ "$#" -gt 0 ]; do
        sum=$1 file=$sums.part.$held
        shift 2
        wait "$coming" || {
            : >"$sums.broken"
            return 1
        }
        if [ "$#" -gt 0 ]; then
            held=$((1 - held))
            fetch "$2" "$sums.part.$held" &
            coming=$!
        fi
        sha256sum <"$file" | cut -d ' ' -f 1 >>"$sums"
        if [ "$(tail -n 1 "$sums")" != "$sum" ]; then
            # Whoever started this removes what it would write.
            if [ "$#" -gt 0 ]; then
                kill "$coming" 2>/dev/null || true
                wait "$coming" 2>/dev/null || true
            fi
            return 1
        fi
        cat -- "$file"
        rm -f -- "$file"
    done
}

parts() { if [ "$target" = - ]; then look_at "$@"; else checked "$@"; fi; }

# Of a stage that gives up: the parts are read to their end all the same, so that their sums tell whether they are damaged.
drain() {
    local status=$?
    cat >/dev/null
    return "$status"
}

unseal() {
    if [ "${#identities[@]}" = 0 ]; then cat; else confined "${readable[@]}" -- age --decrypt "${identities[@]}"; fi
}

decompress() { if [ "$content" = repository ]; then cat; else confined -- zstd --quiet --decompress; fi; }

# Of many lines the first and the last, each without its middle: a path in it may be longer than the kernel takes.
short() { LC_ALL=C sed -n -E -e 's/^(.{200}).*(.{200})$/\1...\2/' -e '1,200p' -e '201,${$p;}'; }

extract() {
    confined --unpack "$target" -- tar --extract --file=- --directory="$target" --numeric-owner --same-owner \
        --same-permissions --xattrs --xattrs-include='*' --acls --sparse 2>&1 | short >>"$sums.said"
}

# Nothing is written. SUMS.long gets the number of entries with a path that the kernel would not take.
list() {
    {
        confined -- tar --list --file=- --quoting-style=escape 2>&3 | LC_ALL=C sed -E 's/\\([0-7]{3}|.)/x/g' |
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

stream() { # [SUM PART]…
    parts "$@" | { unseal || drain; } | { decompress || drain; } | { unpack || drain; }
}

: >"$sums"
: >"$sums.said"
stream=()
for word; do
    if [ "$word" = + ]; then
        stream "${stream[@]}"
        stream=()
    else
        stream+=("$word")
    fi
done
stream "${stream[@]}"
