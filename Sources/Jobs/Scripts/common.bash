# common.bash: what every job of Fairlead shares. It follows the job's settings and precedes its body in one file, so that
# a job runs when nothing else of Fairlead is there.
#
# Settings that it needs: JOB_PATH, STATE_DIRECTORY, RUNTIME_DIRECTORY, LOG_DIRECTORY, ENGINE, ENGINE_ENVIRONMENT.
#
# No `set -e`: a part that fails must not keep the parts after it from running. What matters is checked where it is done.
set -uo pipefail
umask 077
# cron knows next to no PATH, and what the operator's crontab sets is not for us.
export PATH=$JOB_PATH HOME=/root LC_ALL=C.UTF-8
unset CDPATH GREP_OPTIONS POSIXLY_CORRECT BASH_ENV ENV
JOB_SCRIPT=$(readlink -f -- "$0")
readonly JOB_SCRIPT
cd / || exit 1

readonly LOG_LIMIT=$((1 << 20)) LOGS_KEPT=3 LOCK_FILE=$RUNTIME_DIRECTORY/lock

# job_begin NAME SECONDS [LOG]: the rest of the script runs as job NAME, at most SECONDS long, and logs to LOG.log (NAME.log).
#
# The script starts itself again below `timeout`, which ends it together with all that it started. The outer process
# only waits: it is left to say so in the result when the inner one is killed.
job_begin() {
    JOB=$1
    JOB_LOG=$LOG_DIRECTORY/${3:-$1}.log
    if [ "${FAIRLEAD_JOB:-}" != "$1" ]; then
        mkdir -p -- "$LOG_DIRECTORY" "$STATE_DIRECTORY/jobs/results"
        rotate_log
        JOB_STARTED=$(date +%s)
        run_with_deadline "$2"
    fi
    JOB_STARTED=$FAIRLEAD_JOB_STARTED JOB_AGAIN=${FAIRLEAD_JOB_AGAIN:-}
    # A job that this one starts is none of its own inner processes.
    unset FAIRLEAD_JOB FAIRLEAD_JOB_AGAIN
    readonly JOB JOB_LOG JOB_STARTED JOB_AGAIN
    # Whatever a tool says unasked belongs into the log, not into a mail of cron's.
    exec </dev/null >>"$JOB_LOG" 2>&1
    trap 'finish 143 "stopped from outside"' TERM INT HUP
}

run_with_deadline() { # SECONDS
    local status=0
    FAIRLEAD_JOB=$JOB FAIRLEAD_JOB_STARTED=$JOB_STARTED \
        timeout --kill-after=5 "$1" /bin/bash "$JOB_SCRIPT" || status=$?
    case $status in
        # 143: the signal of `timeout` reached the script first.
        124 | 137 | 143)
            [ $(($(date +%s) - JOB_STARTED)) -ge "$1" ] || exit "$status"
            log "did not finish within $1 s and was ended"
            record_result 124 "did not finish within $1 s and was ended"
            ;;
    esac
    exit "$status"
}

# log TEXT...: one line with the time in the job's own log. A full disk is no reason to stop the job.
log() {
    local text=$*
    printf '%(%Y-%m-%dT%H:%M:%S%z)T %s\n' -1 "${text//[[:cntrl:]]/ }" >>"$JOB_LOG" || true
}

rotate_log() {
    local size number
    size=$(stat --format=%s -- "$JOB_LOG" 2>/dev/null) || return 0
    [ "$size" -ge "$LOG_LIMIT" ] || return 0
    for ((number = LOGS_KEPT - 1; number >= 1; number--)); do
        [ ! -f "$JOB_LOG.$number" ] || mv -fT -- "$JOB_LOG.$number" "$JOB_LOG.$((number + 1))"
    done
    mv -fT -- "$JOB_LOG" "$JOB_LOG.1"
}

# write_atomically FILE: replaces FILE with standard input; after a power cut there is the old content or the new.
write_atomically() {
    local new=${1%/*}/.${1##*/}.$$
    if cat >"$new" && sync -- "$new" && mv -fT -- "$new" "$1"; then return 0; fi
    rm -f -- "$new"
    return 1
}

# finish STATUS SUMMARY: records the result and ends the job with STATUS. SUMMARY is one line for people.
finish() {
    trap '' TERM INT HUP
    log "$2"
    record_result "$1" "$2"
    release_lock
    exit "$1"
}

record_result() { # STATUS SUMMARY
    local summary=${2//[[:cntrl:]]/ }
    printf 'started=%s\nended=%s\nstatus=%s\nsummary=%s\n' \
        "$JOB_STARTED" "$(date +%s)" "$1" "${summary:0:1000}" \
        | write_atomically "$STATE_DIRECTORY/jobs/results/$JOB" || log "cannot record the result"
}

# take_lock SECONDS: waits that long for the lock of this host, which deployments hold too; 0 tries once.
# Where somebody else keeps it the job ends here, quietly: its time comes again. The holder may have been a deployment: a
# job that was replaced meanwhile begins again as what it is now, and one that was removed ends.
take_lock() {
    local until=$(($(date +%s) + $1))
    until try_lock $((until - $(date +%s))); do
        [ "$(date +%s)" -lt "$until" ] || skip
        # Where the lock's file was replaced meanwhile; never a busy loop.
        sleep 0.1
    done
    is_installed || begin_again
    # For people only, in the form that Fairlead reads; without it the lock holds as well.
    printf '{"command":"fairlead job %s","process":%s,"since":%s000}\n' "$JOB" $$ "$(date +%s)" >"$LOCK_FILE"
}

# File descriptor 9 holds the lock. Nothing that may outlive the job may inherit it: see `engine`.
try_lock() { # SECONDS
    # Memory is empty after a boot, and nobody else may have been here.
    mkdir -p -- "$RUNTIME_DIRECTORY"
    exec 9<>"$LOCK_FILE" || return 1
    # Waits for the kernel, not for the file's absence: a holder that dies lets go.
    if [ "$1" -gt 0 ]; then flock --wait "$1" 9; else flock --nonblock 9; fi || return 1
    # Somebody replaced the file meanwhile: a lock on the old one would exclude nobody.
    [ "$(stat --dereference --format=%d:%i /dev/fd/9)" = "$(stat --format=%d:%i -- "$LOCK_FILE" 2>/dev/null)" ]
}

# Bash reads a script through descriptor 255: whether that is the file that lies there now.
is_installed() { [ ! -e "/proc/$$/fd/255" ] || [ "/proc/$$/fd/255" -ef "$JOB_SCRIPT" ]; }

# Below the same deadline, and once: two deployments in one wait leave the work to the next time.
begin_again() {
    exec 9>&-
    [ -f "$JOB_SCRIPT" ] || exit 0
    [ "$JOB_AGAIN" = '' ] || skip
    log "was replaced by a deployment meanwhile and begins again"
    FAIRLEAD_JOB=$JOB FAIRLEAD_JOB_STARTED=$JOB_STARTED FAIRLEAD_JOB_AGAIN=yes exec /bin/bash "$JOB_SCRIPT"
}

release_lock() {
    [ -e /dev/fd/9 ] || return 0
    # What the next one reads in the file must not name a holder that is gone.
    : >"$LOCK_FILE"
    exec 9>&-
}

skip() {
    touch -- "$STATE_DIRECTORY/jobs/results/$JOB.skipped"
    exec 9>&-
    exit 0
}

# paused: whether the stack is suspended or under maintenance; prints why.
paused() { cat -- "$STATE_DIRECTORY/jobs/paused" 2>/dev/null; }

# engine ARGUMENTS...: the container engine, as Fairlead itself uses it. Containers' monitors live on after the job: they
# must not inherit its lock. The environment may hold a proxy's password, so it is no argument of a program.
engine() ( become_engine "$@" )

# become_engine ARGUMENTS...: for a background process, whose id is to be that of the engine's program.
become_engine() {
    exec 9>&-
    [ "${#ENGINE_ENVIRONMENT[@]}" = 0 ] || export "${ENGINE_ENVIRONMENT[@]}"
    exec "$ENGINE" "$@"
}
