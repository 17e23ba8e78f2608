#!/usr/bin/env bash
# copy.bash ENGINE MODE CONTAINER SPOOL PART-SIZE VOLUME=DIRECTORY…: copies data directories of one container into a spool.
#
# Each becomes one stream, compressed and encrypted to SPOOL/recipients, in the parts SPOOL/VOLUME.tar.zst.age.NNNN
# (VOLUME.dump.zst.age.NNNN in mode `hook`). CONTAINER is paused or stopped meanwhile, as MODE says, and goes on after
# that whatever happens; SPOOL/held says so to whoever comes after a power cut or a kill.
# Beside the recipients SPOOL has for each volume: VOLUME.exclude (patterns), VOLUME.include (paths; all where it is
# empty), and VOLUME.dump (a command, each word ended by a zero byte).
set -euo pipefail
umask 077
cd /

engine=$1 mode=$2 container=$3 spool=$4 part_size=$5
shift 5

# One line for the reader of the error, who sees the end of what is written.
fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

state() { "$engine" inspect --type container --format '{{.State.Status}}' "$container" 2>/dev/null || echo missing; }

release() {
    local status=$?
    trap '' TERM INT HUP
    if [ -e "$spool/held" ]; then
        case $mode in
            pause) "$engine" unpause "$container" >/dev/null || status=1 ;;
            stop) "$engine" start "$container" >/dev/null || status=1 ;;
        esac
        [ "$status" != 0 ] || rm -f -- "$spool/held"
    fi
    exit "$status"
}
trap release EXIT
trap 'exit 143' TERM INT HUP

# Only what serves now is held, so that nothing is started or resumed that somebody else has stopped.
hold() {
    case $mode in pause | stop) ;; *) return 0 ;; esac
    [ "$(state)" = running ] || return 0
    printf '%s %s %s\n' "$mode" "$container" "$$" >"$spool/held"
    sync -f "$spool/held"
    local wait
    for wait in 1 2 4 0; do
        if "$engine" "$mode" "$container" >/dev/null; then return 0; fi
        [ "$(state)" = running ] || break
        # A busy host may not freeze every process in time; the next try does.
        sleep "$wait"
    done
    [ "$(state)" != running ] || rm -f -- "$spool/held"
    fail "container '$container' cannot be held for the copy"
}

files_of() { # VOLUME DIRECTORY
    local members=(.)
    if [ -s "$spool/$1.include" ]; then
        # The directory itself without its content, for its owner and mode.
        members=(--no-recursion . --recursion --verbatim-files-from --files-from="$spool/$1.include")
    fi
    tar --create --file=- --directory="$2" --numeric-owner --xattrs --xattrs-include='*' --acls --sparse \
        --sort=name --anchored --wildcards --wildcards-match-slash --exclude-from="$spool/$1.exclude" "${members[@]}"
}

dump_of() { # VOLUME
    local command
    mapfile -d '' -t command <"$spool/$1.dump"
    "$engine" exec "$container" "${command[@]}"
}

seal() { # NAME: standard input becomes its parts
    zstd --quiet -3 --threads=0 | age --encrypt --recipients-file "$spool/recipients" |
        split --bytes="$part_size" --numeric-suffixes --suffix-length=4 - "$spool/$1.zst.age."
}

hold
for volume; do
    name=${volume%%=*} directory=${volume#*=}
    if [ "$mode" = hook ]; then
        dump_of "$name" | seal "$name.dump" || fail "the dump of '$name' failed"
    else
        files_of "$name" "$directory" | seal "$name.tar" || fail "the copy of '$name' failed"
    fi
done
