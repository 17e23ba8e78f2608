# health-verdict.bash: whether a container is healthy, starting, failing or waits for another, and why; and the words that
# decisions are told in. Part of health-decision.bash, whose variables `given`, `keep`, `into` and `crashes` it sees.
# shellcheck disable=SC2034,SC2154 # variables of the function that calls

# Crashes without a recovery that are a loop.
readonly CRASH_LOOP=3

# Its restart policy brings a crashed container back: only the growing count tells. Another container begins at zero.
count_crashes() {
    local seen=${given[seen.restarts]:-0} known
    known=${keep[restarts]:-$seen}
    if [ -n "${keep[id]}" ] && [ "${keep[id]}" != "${given[seen.id]:-}" ]; then known=0; fi
    # A start by hand sets it back.
    [ "$seen" -ge "$known" ] || known=0
    crashes=$((seen - known))
    keep[restarts]=$seen keep[id]=${given[seen.id]:-}
}

diagnose() {
    local kind='' reason='' engine=${given[setting.engine]} status=${given[seen.status]}
    case $status in
        running)
            if [ -n "${given[seen.probe]:-}" ]; then kind=${given[seen.probe]%% *} reason=${given[seen.probe]#* }; fi ;;
        missing) kind=liveness reason='the container is missing: somebody removed it' ;;
        unreadable) kind=liveness reason="$engine lists it but cannot show its state" ;;
        foreign)
            kind=liveness
            reason="its name '${given[setting.container]}' is taken by a container that Fairlead did not make" ;;
        exited | stopped | dead) kind=liveness reason="not running: exit status ${given[seen.exit]:-}" ;;
        *) kind=liveness reason="not running: $status" ;;
    esac
    if is_crashing; then
        counted "$crashes" time
        reason="ended $REPLY since the last check${reason:+; $reason}" kind=liveness
        # In this run or in those since it was last well.
        [ $((crashes + ${keep[attempts]:-0})) -lt "$CRASH_LOOP" ] || kind=crash-loop
    fi
    into[kind]=$kind into[reason]=$reason
}

is_crashing() { [ "$crashes" -gt 0 ] && [ -z "${given[seen.excused]:-}" ]; }

judge() {
    local verdict=failing
    if [ -z "${into[kind]}" ]; then
        verdict=healthy
    elif is_absent; then
        verdict=failing
    elif [ -n "${given[seen.blocked]:-}" ]; then
        verdict=consequence
    elif is_starting; then
        verdict=starting
    fi
    into[verdict]=$verdict
}

is_absent() { case ${given[seen.status]} in missing | foreign) ;; *) false ;; esac }

is_starting() {
    local period=${given[setting.start-period]:-0} now=${given[now]}
    ! is_booting || return 0
    [ "${given[seen.status]}" = running ] && ! is_crashing || return 1
    is_recent "${given[seen.started]:-0}" "$period" "$now" || is_recent "${keep[grace]:-0}" "$period" "$now"
}

# After a boot the stack is started in order, by whoever is first: no container is down before that had its time.
is_booting() {
    case ${given[seen.status]} in
        exited | stopped | created) [ "${given[seen.uptime]:-300}" -lt 300 ] ;;
        *) false ;;
    esac
}

# Neither when the clock was set back: a start in the future would never be over.
is_recent() { [ "$1" -le "$3" ] && [ "$3" -lt $(($1 + $2)) ]; } # MOMENT SECONDS NOW

# --- words, in REPLY

span() { # SECONDS: such as `3 h 5 min`
    local minutes=$((($1 < 0 ? 0 : $1) / 60))
    if [ "$minutes" -lt 60 ]; then
        REPLY="$minutes min"
    elif [ "$minutes" -lt 1440 ]; then
        REPLY="$((minutes / 60)) h $((minutes % 60)) min"
    else
        REPLY="$((minutes / 1440)) d $((minutes % 1440 / 60)) h"
    fi
}

counted() { # NUMBER NOUN
    REPLY="$1 $2"
    [ "$1" = 1 ] || REPLY+=s
}
