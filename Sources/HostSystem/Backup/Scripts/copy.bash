#!/usr/bin/env bash
# copy.bash ENGINE MODE CONTAINER SPOOL PART-SIZE VOLUME=DIRECTORY…: copies data directories of one container into a spool.
#
# Each becomes one stream, compressed and encrypted to SPOOL/recipients, in the parts SPOOL/VOLUME.tar.zst.age.NNNN
# (VOLUME.dump.zst.age.NNNN in mode `hook`). CONTAINER is paused or stopped meanwhile, as MODE says, and goes on after
# that whatever happens; SPOOL/held says so to whoever comes after a power cut or a kill.
# Beside the recipients SPOOL has for each volume: VOLUME.exclude (patterns), VOLUME.include (paths; all where it is
# empty), and VOLUME.dump (a command, each word ended by a zero byte).
# Where there is VOLUME.restic, it names the directory of a repository; the volume is copied into that one, and the stream
# SPOOL/VOLUME.restic.tar.age.NNNN is what VOLUME.sent does not name. VOLUME.parent is the last snapshot. It gets
# VOLUME.files (what is in the stream), VOLUME.summary (what restic says) and, if the repository is at fault, VOLUME.failed.
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

go_on() {
    [ -e "$spool/held" ] || return 0
    case $mode in
        pause) "$engine" unpause "$container" >/dev/null || return 1 ;;
        stop) "$engine" start "$container" >/dev/null || return 1 ;;
    esac
    rm -f -- "$spool/held"
}

release() {
    local status=$?
    trap '' TERM INT HUP
    go_on || status=1
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
    age --encrypt --recipients-file "$spool/recipients" |
        split --bytes="$part_size" --numeric-suffixes --suffix-length=4 - "$spool/$1.age."
}

compress() { zstd --quiet -3 --threads=0; }

# Into the repository: what changed since the last snapshot, which restic tells by times and sizes.
snapshot_of() { # VOLUME DIRECTORY
    local line options=() pattern status=0
    line=$(<"$spool/$1.restic")
    [ ! -s "$spool/$1.parent" ] || options+=(--parent "$(<"$spool/$1.parent")")
    while IFS= read -r pattern; do options+=(--exclude "$pattern"); done <"$spool/$1.exclude"
    if [ "$mode" = live ] && [ "$container" != - ]; then
        # What is written while it is read has the time of the next change too.
        options+=(--force)
    else
        # A page that is mapped and dirty is written again without a new time; it became dirty after the last sync.
        find "$2" -type f -newer "$spool/recipients" -print0 | xargs --null --no-run-if-empty sync --data -- || return 1
    fi
    (
        cd "$(dirname "$2")"
        TMPDIR=$line/tmp exec restic --no-cache --quiet --json --repo "$line/repository" --password-file "$line/password" \
            backup --host fairlead "${options[@]}" -- "$(basename "$2")" >"$spool/$1.summary"
    ) || status=$?
    case $status in
        0) ;;
        1 | 10 | 12) : >"$spool/$1.failed" && return 1 ;;
        *) return 1 ;;
    esac
}

# What no run has yet of the repository; a file in it is never changed, and one that restic did not finish is none of it.
new_files_of() { # VOLUME
    cd "$(<"$spool/$1.restic")" &&
        find password repository/{config,keys,snapshots,index,data} -type f ! -name '*-tmp-*' | LC_ALL=C sort |
        LC_ALL=C comm -23 - <(LC_ALL=C sort "$spool/$1.sent") >"$spool/$1.files" &&
        tar --create --file=- --numeric-owner --verbatim-files-from --files-from="$spool/$1.files"
}

for volume; do
    # All of the disk, before the container is held: what others write meanwhile would make that longer.
    [ ! -e "$spool/${volume%%=*}.restic" ] || sync -f -- "${volume#*=}"
done
hold
for volume; do
    name=${volume%%=*} directory=${volume#*=}
    if [ "$mode" = hook ]; then
        dump_of "$name" | compress | seal "$name.dump.zst" || fail "the dump of '$name' failed"
    elif [ -e "$spool/$name.restic" ]; then
        snapshot_of "$name" "$directory" || fail "the copy of '$name' failed"
    else
        files_of "$name" "$directory" | compress | seal "$name.tar.zst" || fail "the copy of '$name' failed"
    fi
done
go_on
for volume; do
    name=${volume%%=*}
    [ ! -e "$spool/$name.restic" ] || new_files_of "$name" | seal "$name.restic.tar" || fail "the copy of '$name' failed"
done
