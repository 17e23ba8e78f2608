#!/usr/bin/env bash
# copy.bash ENGINE MODE CONTAINER SPOOL PART-SIZE CONFINER VOLUME=DIRECTORY…: copies data directories of one container into a spool.
#
# Each becomes one stream, compressed and encrypted to SPOOL/recipients, in the parts SPOOL/VOLUME.tar.zst.age.NNNN
# (VOLUME.dump.zst.age.NNNN in mode `hook`). CONTAINER is paused or stopped meanwhile, as MODE says, and goes on after
# that whatever happens; SPOOL/held says so to whoever comes after a power cut or a kill.
# What a container does to its data meanwhile leads nobody elsewhere: CONFINER, the program of Fairlead, lets the programs that
# read a data directory read that one only; empty: they run as they are.
# Beside the recipients SPOOL has for each volume: VOLUME.exclude (patterns), VOLUME.include (paths; all where it is
# empty), and VOLUME.dump (a command, each word ended by a zero byte).
# Where there is VOLUME.restic, it names the directory of a repository; the volume is copied into that one, and the stream
# SPOOL/VOLUME.restic.tar.age.NNNN is what VOLUME.sent does not name. VOLUME.parent is the last snapshot. It gets
# VOLUME.files (what is in the stream) and VOLUME.summary (what restic says).
# SPOOL/process holds the id of this script, for whoever comes after a kill of the one that started it; the processes of a dump
# have SPOOL as FAIRLEAD_BACKUP in their environment.
# A volume that fails leaves the others alone. What its copy came to is for the caller to judge: VOLUME.ended has a line
# 'PROGRAM STATUS' for each program that took part, VOLUME.said what they said, VOLUME.bytes and VOLUME.count how much
# was read. One without VOLUME.ended was not copied.
set -euo pipefail
umask 077
cd /

# shellcheck disable=SC2034 # confined.bash, which stands above, reads 'confiner'
engine=$1 mode=$2 container=$3 spool=$4 part_size=$5 confiner=$6
shift 6
printf '%s\n' "$$" >"$spool/process"

# One line for the reader of the error, who sees the end of what is written.
fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

state() {
    "$engine" inspect --type container --format '{{.State.Status}}' "$container" 2>/dev/null && return
    # An engine that does not answer is no proof that the container has gone.
    if "$engine" ps --quiet >/dev/null 2>&1; then echo missing; else echo unknown; fi
}

# What somebody else made of the container meanwhile, who removed or started it say, is no business of the copy.
is_held() {
    case $mode:$(state) in
        pause:paused | *:unknown) return 0 ;;
        pause:* | *:running | *:missing) return 1 ;;
    esac
}

go_on() {
    [ -e "$spool/held" ] || return 0
    local verb=unpause wait
    [ "$mode" != stop ] || verb=start
    for wait in 1 2 4 0; do
        if "$engine" "$verb" "$container" >/dev/null || ! is_held; then
            rm -f -- "$spool/held"
            return 0
        fi
        sleep "$wait"
    done
    return 1
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
    case $(state) in
        running) ;;
        unknown) fail "the engine says nothing of container '$container'" ;;
        *) return 0 ;;
    esac
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

report() { # VOLUME PROGRAM=STATUS…
    local volume=$1
    shift
    printf '%s\n' "${@/=/ }" >>"$spool/$volume.ended"
}

files_of() { # VOLUME DIRECTORY
    local members=(.)
    if [ -s "$spool/$1.include" ]; then
        # The directory itself without its content, for its owner and mode.
        members=(--no-recursion . --recursion --verbatim-files-from --files-from="$spool/$1.include")
    fi
    confined --browse "$2" --read "$spool/$1.include" --read "$spool/$1.exclude" -- \
        tar --create --file=- --directory="$2" --numeric-owner --xattrs --xattrs-include='*' --acls --sparse --totals \
        --sort=name --anchored --wildcards --wildcards-match-slash --exclude-from="$spool/$1.exclude" "${members[@]}"
}

dump_of() { # VOLUME
    local command
    mapfile -d '' -t command <"$spool/$1.dump"
    "$engine" exec --env "FAIRLEAD_BACKUP=$spool" "$container" "${command[@]}"
}

seal() { # NAME: standard input becomes its parts
    age --encrypt --recipients-file "$spool/recipients" |
        split --bytes="$part_size" --numeric-suffixes --suffix-length=4 - "$spool/$1.age."
}

compress() { zstd --quiet -3 --threads=0; }

copy_files() { # VOLUME DIRECTORY
    local ended=(0 0 0)
    files_of "$1" "$2" | compress | seal "$1.tar.zst" || ended=("${PIPESTATUS[@]}")
    report "$1" tar="${ended[0]}" zstd="${ended[1]}" seal="${ended[2]}"
}

copy_dump() { # VOLUME
    local ended=(0 0 0 0)
    dump_of "$1" | dd bs=64K 2>"$spool/$1.bytes" | compress | seal "$1.dump.zst" || ended=("${PIPESTATUS[@]}")
    report "$1" dump="${ended[0]}" dd="${ended[1]}" zstd="${ended[2]}" seal="${ended[3]}"
}

# A page that is mapped and dirty is written again without a new time; it became dirty after the last sync.
flush() { # VOLUME DIRECTORY
    find "$2" -type f -newer "$spool/recipients" -print0 | xargs --null --no-run-if-empty sync --data --
}

# Into the repository: what changed since the last snapshot, which restic tells by times and sizes.
snapshot_of() { # VOLUME DIRECTORY
    local line options=() pattern
    line=$(<"$spool/$1.restic")
    [ ! -s "$spool/$1.parent" ] || options+=(--parent "$(<"$spool/$1.parent")")
    while IFS= read -r pattern; do options+=(--exclude "$pattern"); done <"$spool/$1.exclude"
    # What is written while it is read has the time of the next change too.
    if is_live; then options+=(--force); fi
    cd "$(dirname "$2")" && TMPDIR=$line/tmp confined --browse "$2" --write "$line" -- \
        restic --no-cache --quiet --json --repo "$line/repository" --password-file "$line/password" \
        backup --host fairlead "${options[@]}" -- "$(basename "$2")" >"$spool/$1.summary"
}

# Whether something may write what is copied.
is_live() { [ "$mode" = live ] && [ "$container" != - ]; }

copy_snapshot() { # VOLUME DIRECTORY
    local status=0
    if ! is_live && ! flush "$1" "$2"; then
        report "$1" sync=1
        return
    fi
    (snapshot_of "$1" "$2") || status=$?
    report "$1" restic="$status"
}

# What no run has yet of the repository; a file in it is never changed, and one that restic did not finish is none of it.
new_files_of() { # VOLUME
    cd "$(<"$spool/$1.restic")" &&
        find password repository/{config,keys,snapshots,index,data} -type f ! -name '*-tmp-*' | LC_ALL=C sort |
        LC_ALL=C comm -23 - <(LC_ALL=C sort "$spool/$1.sent") >"$spool/$1.files" &&
        tar --create --file=- --numeric-owner --verbatim-files-from --files-from="$spool/$1.files"
}

copy_new_files() { # VOLUME
    local ended=(0 0)
    # Of a snapshot that lacks something the caller may want it nevertheless.
    grep -qxE 'restic (0|3)' "$spool/$1.ended" || return 0
    new_files_of "$1" | seal "$1.restic.tar" || ended=("${PIPESTATUS[@]}")
    report "$1" stream="${ended[0]}" seal="${ended[1]}"
}

for volume; do
    # All of the disk, before the container is held: what others write meanwhile would make that longer.
    [ ! -e "$spool/${volume%%=*}.restic" ] || sync -f -- "${volume#*=}" || true
done
hold
for volume; do
    name=${volume%%=*} directory=${volume#*=}
    if [ "$mode" = hook ]; then
        copy_dump "$name"
    elif [ -e "$spool/$name.restic" ]; then
        copy_snapshot "$name" "$directory"
    else
        copy_files "$name" "$directory"
    fi 2>>"$spool/$name.said"
done
go_on
for volume; do
    name=${volume%%=*} directory=${volume#*=}
    if [ -e "$spool/$name.restic" ]; then
        copy_new_files "$name" 2>>"$spool/$name.said"
    elif [ "$mode" != hook ]; then
        # Not while the container is held, as a number that is one too many does no harm.
        find "$directory" -printf . 2>/dev/null | wc -c >"$spool/$name.count" || true
    fi
done
