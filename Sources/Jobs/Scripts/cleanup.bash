# cleanup.bash: the body of the clean-up job: log data older than the plan keeps, and what deployments left behind.
#
# Settings beside those of the library: KEEP_SECONDS, SYSTEM_LOGS (directories), DATA_ROOT, STACK, STACK_LABEL, COMMIT.

# What syslog daemons call their files.
readonly LIVE_LOG='(syslog|messages|secure|maillog|debug|cron|(auth|kern|daemon|mail|user|cron|lpr|uucp|news|boot|local[0-7])\.log|mail\.(err|warn|info))'
readonly ROTATED_LOG="$LIVE_LOG([.-][0-9]+)+(\\.(gz|bz2|xz|zst))?"
readonly RFC3339='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})'
readonly TRADITIONAL='(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}'

main() {
    local why
    job_begin cleanup 3600
    take_lock 600
    NOW=$(date +%s)
    LIMIT=$((NOW - KEEP_SECONDS))
    TOTAL=0 FREED=() FAILED=()
    part 'journal' purge_journal
    part 'syslog' purge_syslog
    if why=$(paused); then
        log "the stack and what belongs to it are left alone: $why"
    else
        part 'container logs' purge_container_logs
        part 'downloads' purge_downloads
        part 'working trees' purge_trees
        part 'images' purge_images
    fi
    part 'crontab backups' purge_crontab_backups
    part 'refused mail' purge_refused_mail
    report
}

# part NAME FUNCTION: does one part. It adds what it frees to BYTES, and returns 1 when it could not do all of it.
part() {
    BYTES=0
    "$2" || FAILED+=("$1")
    [ "$BYTES" -gt 0 ] || return 0
    FREED+=("$1 $(in_units "$BYTES")")
    TOTAL=$((TOTAL + BYTES))
}

report() {
    local text IFS=,
    text="freed $(in_units "$TOTAL")${FREED[*]:+: ${FREED[*]}}"
    text=${text//,/, }
    [ "${#FAILED[@]}" = 0 ] || finish 1 "$text; not all done: ${FAILED[*]} (see $JOB_LOG)"
    finish 0 "$text"
}

in_units() { # BYTES
    local unit=bytes value=$(($1 * 10))
    for unit in bytes KiB MiB GiB; do
        if [ "$value" -lt 10240 ] || [ "$unit" = GiB ]; then break; fi
        value=$((value / 1024))
    done
    if [ "$unit" = bytes ]; then echo "$1 bytes"; else echo "$((value / 10)).$((value % 10)) $unit"; fi
}

# allocated FILE...: bytes on the disk.
allocated() { du --summarize --total --block-size=1 --one-file-system -- "$@" 2>/dev/null | tail -n 1 | cut -f 1; }

# is_no_data DIRECTORY: whether it is there and lies, by whatever way it is reached, outside of the data directories.
is_no_data() {
    local path data
    [ -d "$1" ] || return 1
    path=$(realpath -e -- "$1") && data=$(realpath -m -- "$DATA_ROOT") || return 1
    [[ $path/ != "$data"/* ]]
}

remove_files() { # FILE...
    local file bytes failed=0
    for file; do
        bytes=$(allocated "$file")
        if rm -f -- "$file"; then BYTES=$((BYTES + bytes)); else failed=1; fi
    done
    return "$failed"
}

# --- the host's logs

# Archived files whose last entry is older, as their time of change tells. `journalctl --vacuum-time` goes by the first
# entry: of a file that began before the limit it would drop what was logged yesterday.
# is_rotation_due DIRECTORY: journald keeps a hundred files of a directory, whatever is in them. A rotation with each run of
# a job that runs every minute would leave the entries of an hour.
is_rotation_due() {
    local since=$((NOW - KEEP_SECONDS / 25))
    [ -z "$(find "$1" -xdev -maxdepth 2 -type f -name '*@*.journal' -newermt "@$since" -print -quit)" ]
}

purge_journal() {
    local directory file files failed=0
    for directory in "${SYSTEM_LOGS[@]}"; do
        is_no_data "$directory/journal" || continue
        # Closes the file that is written to, so that it can go once all of its entries are old.
        case $directory in
            /var/log | /run/log)
                if [ -S /run/systemd/journal/socket ] && is_rotation_due "$directory/journal"; then
                    journalctl --quiet --rotate || failed=1
                fi ;;
        esac
        mapfile -d '' -t files < <(find "$directory/journal" -xdev -maxdepth 2 -type f \
            \( -name '*@*.journal' -o -name '*.journal~' \) ! -newermt "@$LIMIT" -print0)
        remove_files "${files[@]}" || failed=1
    done
    return "$failed"
}

purge_syslog() {
    local directory file failed=0
    for directory in "${SYSTEM_LOGS[@]}"; do
        is_no_data "$directory" || continue
        for file in "$directory"/*; do
            if [ ! -f "$file" ] || [ -L "$file" ]; then continue; fi
            if [[ ${file##*/} =~ ^$ROTATED_LOG$ ]]; then
                # Its youngest entry was written when it was changed last.
                [ "$(stat --format=%Y -- "$file")" -ge "$LIMIT" ] || remove_files "$file" || failed=1
            elif [[ ${file##*/} =~ ^$LIVE_LOG$ ]]; then
                cut_log "$file" "$RFC3339|$TRADITIONAL" '' || failed=1
            fi
        done
    done
    return "$failed"
}

# --- logs that are being written

# cut_log FILE TIME-REGEX WORDS: takes the entries older than the limit off the head of FILE. Lines without a time belong
# to the entry above them. WORDS follow the time where the file's format asks for them.
#
# The kernel takes whole blocks out of the file, as one operation beside the appending ones: the writer goes on in the
# same file, and nothing that it appends meanwhile can be lost. What is left of old entries in the first block is
# overwritten by one line. Copying and truncating would lose what comes between the two.
cut_log() {
    local fd status
    { exec {fd}<"$1"; } || return 1
    cut_open_log "/dev/fd/$fd" "$1" "$2" "$3"
    status=$?
    exec {fd}<&-
    return "$status"
}

cut_open_log() { # DESCRIPTOR FILE TIME-REGEX WORDS
    local cut stamp size block whole rest
    read -r cut stamp < <(old_entries "$1" "$3") || return 1
    [ "$cut" -gt 0 ] || return 0
    # A second name could lie anywhere, in a data directory too.
    [ "$(stat --dereference --format=%h -- "$1")" = 1 ] || { log "'$2' has several names and is left alone"; return 0; }
    appends_only "$1" || { log "somebody writes to '$2' without appending; it is left alone"; return 1; }
    size=$(stat --dereference --format=%s -- "$1")
    block=$(stat --dereference --file-system --format=%S -- "$1")
    whole=$((cut / block * block))
    # The line over the rest needs room for its time, and a file cannot lose all of its blocks.
    rest=$((cut - whole))
    if [ "$whole" = "$size" ] || { [ "$rest" -gt 0 ] && [ "$rest" -le $((${#stamp} + ${#4})) ]; }; then
        whole=$((whole - block)) rest=$((rest + block))
    fi
    # Truncated by somebody else since it was read.
    [ "$size" -ge "$cut" ] || return 0
    if [ "$whole" -gt 0 ]; then
        if fallocate --collapse-range --offset 0 --length "$whole" "$1"; then
            BYTES=$((BYTES + whole))
        else
            log "the file system of '$2' cannot cut a file: its old entries are overwritten"
            rest=$cut
        fi
    fi
    [ "$rest" = 0 ] || overwrite "$1" "$rest" "$stamp$4 (older entries were removed by fairlead)"
}

# overwrite DESCRIPTOR BYTES TEXT: makes the first bytes lines of TEXT and blanks.
overwrite() {
    awk -v left="$2" -v text="$3" 'BEGIN {
        for (; left > 0; left -= size) {
            size = left < 8192 ? left : 4096
            print substr(sprintf("%-" (size - 1) "s", text), 1, size - 1)
        }
    }' | dd of="$1" bs=64K iflag=fullblock conv=notrunc,fsync status=none
}

# Whether all who have the file open for writing append to it: who keeps a place of his own would leave a hole.
appends_only() { # DESCRIPTOR
    local link flags
    while read -r link; do
        flags=$(sed -n 's/^flags:[[:space:]]*//p' "${link/\/fd\///fdinfo/}" 2>/dev/null)
        (((8#${flags:-0} & 3) == 0 || (8#${flags:-0} & 02000) != 0)) || return 1
    done < <(find -L /proc/[0-9]*/fd -maxdepth 1 -samefile "$1" 2>/dev/null)
}

# old_entries DESCRIPTOR TIME-REGEX: prints how many bytes at its head are older than the limit, and the last old time.
old_entries() {
    local size cut stamp
    size=$(stat --dereference --format=%s -- "$1")
    read -r cut stamp < <(LC_ALL=C grep --text --byte-offset --only-matching --extended-regexp "^($2)" "$1" | first_young)
    if [ "${cut:-0}" = all ]; then cut=$(complete_lines "$1" "$size"); fi
    echo "${cut:-0} ${stamp:-}"
}

# Prints the offset of the first entry that is not older than the limit, or `all`, or 0 where nothing older comes before
# it; then the last time before it. Reads OFFSET:TIME.
#
# A traditional time has neither year nor zone: it is local, and in the last year where it would be in the future.
# A full time more than a day ahead is not believed: a wrong clock would keep older entries for ever.
first_young() {
    awk -v now="$NOW" -v limit="$LIMIT" -v local_now="$(local_time "$NOW")" -v local_limit="$(local_time "$LIMIT")" '
        function days(y, m, d) {
            if (m <= 2) { y--; m += 12 }
            return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
        }
        function seconds(text) { return substr(text, 1, 2) * 3600 + substr(text, 4, 2) * 60 + substr(text, 7, 2) }
        function civil(text, part) {
            split(text, part, "-")
            return days(part[1], part[2], part[3]) * 86400 + seconds(part[4])
        }
        function traditional(text, year) {
            return days(year, (index("JanFebMarAprMayJunJulAugSepOctNovDec", substr(text, 1, 3)) + 2) / 3, \
                substr(text, 5, 2) + 0) * 86400 + seconds(substr(text, 8))
        }
        function zone(text, digits) {
            if (text ~ /Z$/) return 0
            match(text, /[+-][0-9][0-9]:?[0-9][0-9]$/)
            digits = substr(text, RSTART + 1); sub(/:/, "", digits)
            return (substr(text, RSTART, 1) == "-" ? -1 : 1) * (substr(digits, 1, 2) * 3600 + substr(digits, 3, 2) * 60)
        }
        BEGIN { here = civil(local_now); bound = civil(local_limit); year = substr(local_now, 1, 4) + 0; found = 0 }
        {
            colon = index($0, ":"); offset = substr($0, 1, colon - 1); text = substr($0, colon + 1)
            if (text ~ /^[A-Z]/) {
                at = traditional(text, year)
                if (at > here + 86400) at = traditional(text, year - 1)
                young = at >= bound
            } else {
                at = days(substr(text, 1, 4), substr(text, 6, 2) + 0, substr(text, 9, 2) + 0) * 86400 \
                    + seconds(substr(text, 12)) - zone(text)
                if (at > now + 86400) next
                young = at >= limit
            }
            if (young) { found = 1; exit }
            old++; stamp = text
        }
        END { print (old ? (found ? offset : "all") : 0), stamp }
    '
}

local_time() { date --date="@$1" +%Y-%m-%d-%H:%M:%S; } # EPOCH

# How many of the first SIZE bytes are complete lines.
complete_lines() { # DESCRIPTOR SIZE
    local tail=0
    [ "$(tail --bytes=+"$2" -- "$1" | head --bytes=1 | od -An -tx1)" = ' 0a' ] \
        || tail=$(head --bytes="$2" -- "$1" | tail --lines=1 | wc --bytes)
    echo $(($2 - tail))
}

# The k8s-file logs of an engine that has such; those in the journal go with it, and other engines bound their own.
purge_container_logs() {
    local containers logs type path failed=0
    [ "$ENGINE_LEAVES_LOGS" = yes ] || return 0
    containers=$(engine ps --all --quiet --filter "label=$STACK_LABEL=$STACK") || return 1
    [ -n "$containers" ] || return 0
    # shellcheck disable=SC2086 # one word an id
    logs=$(engine inspect --type container \
        --format '{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Path}}' $containers) || return 1
    while read -r type path; do
        if [ "$type" != k8s-file ] || [ ! -f "$path" ] || [ -L "$path" ]; then continue; fi
        is_no_data "${path%/*}" || continue
        cut_log "$path" "$RFC3339" ' stdout F' || failed=1
    done <<<"$logs"
    return "$failed"
}

# --- what deployments left behind; none runs now

purge_downloads() {
    local files
    is_no_data "$STATE_DIRECTORY/downloads" || return 0
    mapfile -d '' -t files < <(find "$STATE_DIRECTORY/downloads" -xdev -type f -print0)
    remove_files "${files[@]}"
}

purge_trees() {
    local tree mounts containers bytes failed=0
    is_no_data "$STATE_DIRECTORY/trees" || return 0
    containers=$(engine ps --all --quiet) || return 1
    mounts=
    if [ -n "$containers" ]; then
        # shellcheck disable=SC2086 # one word an id
        mounts=$(engine inspect --type container --format '{{range .Mounts}}{{println .Source}}{{end}}' $containers) \
            || return 1
    fi
    shopt -s dotglob
    for tree in "$STATE_DIRECTORY"/trees/*; do
        if [ ! -d "$tree" ] || [ -L "$tree" ]; then continue; fi
        [[ ${tree##*/} =~ ^([0-9a-f]{40,64}|\.[0-9a-f]{40,64}\.[0-9]+)$ ]] || continue
        # A container that was not replaced since mounts files of an older commit.
        if [ "${tree##*/}" = "$COMMIT" ] || [[ $mounts == */trees/"${tree##*/}"/* ]]; then continue; fi
        bytes=$(allocated "$tree")
        if rm -rf --one-file-system -- "$tree"; then BYTES=$((BYTES + bytes)); else failed=1; fi
    done
    shopt -u dotglob
    return "$failed"
}

# Those without a name that no container uses.
purge_images() {
    local images id left
    local -A sizes=()
    images=$(engine images --quiet --no-trunc --filter dangling=true) || return 1
    for id in $images; do sizes[$id]=$(engine image inspect --format '{{.Size}}' "$id") || sizes[$id]=0; done
    [ "${#sizes[@]}" -gt 0 ] || return 0
    engine image prune --force || return 1
    left=$(engine images --quiet --no-trunc --all) || return 1
    for id in "${!sizes[@]}"; do
        [[ $left == *"$id"* ]] || BYTES=$((BYTES + sizes[$id]))
    done
}

# What no server takes; its answers lie beside it and were written last.
purge_refused_mail() {
    local file newest old=()
    is_no_data "$STATE_DIRECTORY/mail/failed" || return 0
    for file in "$STATE_DIRECTORY"/mail/failed/*.message "$STATE_DIRECTORY"/mail/failed/*.eml; do
        if [ ! -f "$file" ] || [ -L "$file" ]; then continue; fi
        newest=$file
        [ ! -f "$file.progress" ] || newest=$file.progress
        [ "$(stat --format=%Y -- "$newest")" -ge "$LIMIT" ] || old+=("$file" "$file.progress")
    done
    remove_files "${old[@]}"
}

# The first one is what the host had before Fairlead came, and the newest are worth more than they weigh.
purge_crontab_backups() {
    local file files old=()
    is_no_data "$STATE_DIRECTORY/crontab" || return 0
    mapfile -t files < <(find "$STATE_DIRECTORY/crontab" -maxdepth 1 -type f -name '2*Z*' | sort)
    [ "${#files[@]}" -gt 6 ] || return 0
    for file in "${files[@]:1:${#files[@]}-6}"; do
        [ "$(stat --format=%Y -- "$file")" -ge "$LIMIT" ] || old+=("$file")
    done
    remove_files "${old[@]}"
}

main
