# health-treatment.bash: restarts, gives up, tells. Part of the health-check job; needs common.bash.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# What is known is told first, of every container; only then is anything done for which a hanging engine takes its time.
act_all() {
    local name
    for name in "${CONTAINERS[@]}"; do
        case ${verdict[$name]} in
            healthy) recover "$name" ;;
            failing) treat "$name" ;;
            starting)
                notes+=("$name: ${reasons[$name]}")
                memory[$name,well]=''
                ;;
            consequence)
                notes+=("$name: ${reasons[$name]}")
                # Failures of its own count in a row, and so do its good runs.
                memory[$name,failures]=0 memory[$name,well]=''
                ;;
        esac
        remember "$name"
    done
    send_published
    for name in "${CONTAINERS[@]}"; do
        case ${remedies[$name]:-} in
            restart) restart "$name" ;;
            give-up) give_up "$name" ;;
            stop) stop "$name" ;;
            *) continue ;;
        esac
        remember "$name"
    done
}

# A recovery is told of when it has held: mails would only mirror a container that comes and goes.
recover() { # NAME
    local since=${memory[$1,well]:-} action
    memory[$1,failures]='' memory[$1,well]=${since:-$NOW}
    if [ -n "${memory[$1,incident]:-}" ]; then
        if ! has_held "$1" "$since"; then
            notes+=("$1 is well again, which has to hold for $(hold_of "$1")")
            is_recent "${memory[$1,well]}" 3600 || pardon "$1"
            return
        fi
        action='nothing more'
        # Those of a longer hold were forgotten after its first hour.
        [ -z "${memory[$1,attempts]:-}" ] || action+="; $(count_of "${memory[$1,attempts]}" restart) until then"
        publish closed "$1" "well again after $(span $((NOW - memory[$1,since])))" "$action"
        notes+=("$1 is well again")
        memory[$1,closed]=$NOW
        forget_incident "$1"
    elif [ -z "${memory[$1,known]:-}" ]; then
        disclaim "$1"
    fi
    rm -f -- "$HEALTH/$1/gave-up"
    # What flaps is given up as well: restarts count until it has been well for an hour.
    if [ "${memory[$1,attempts]:-0}" -eq 0 ] || ! is_recent "${memory[$1,well]}" 3600; then
        memory[$1,attempts]='' memory[$1,well]=''
    fi
}

# It counts anew, and is looked after again, though its incident may still have to wait for its hold.
pardon() { # NAME
    memory[$1,attempts]='' memory[$1,gaveup]=''
    rm -f -- "$HEALTH/$1/gave-up"
}

# has_held NAME SINCE: since an earlier run, or as long as a container has to be well that failed again and again.
has_held() { [ -n "$2" ] && { [ -z "${memory[$1,hold]:-}" ] || ! is_recent "$2" "${memory[$1,hold]}"; }; }

hold_of() { if [ -n "${memory[$1,hold]:-}" ]; then span "${memory[$1,hold]}"; else echo 'a second run'; fi; } # NAME

# set_hold NAME: an hour when it fails again within REMIND_AFTER of its recovery, and twice as long each time after that.
set_hold() {
    local hold=${memory[$1,hold]:-1800}
    memory[$1,hold]=''
    is_recent "${memory[$1,closed]:-0}" "$REMIND_AFTER" || return 0
    hold=$((hold * 2 < REMIND_AFTER ? hold * 2 : REMIND_AFTER))
    memory[$1,hold]=$hold
}

forget_incident() { # NAME
    local key
    for key in gaveup incident since kind mailed; do unset "memory[$1,$key]"; done
}

treat() { # NAME
    # `fairlead retry` removes the marker: it is taken up again.
    if [ -n "${memory[$1,gaveup]:-}" ] && [ ! -e "$HEALTH/$1/gave-up" ]; then
        memory[$1,gaveup]='' memory[$1,failures]=0 memory[$1,attempts]=0
    fi
    memory[$1,failures]=$((${memory[$1,failures]:-0} + 1)) memory[$1,well]=''
    # Excused crashes were the fault of what it depends on: they bring it no nearer to being given up.
    [ -z "${excused[$1]:-}" ] || crashes[$1]=0
    memory[$1,attempts]=$((${memory[$1,attempts]:-0} + crashes[$1]))
    memory[$1,kind]=${kinds[$1]}
    notes+=("$1 failed $(count_of "${memory[$1,failures]}" time)")
    remedies[$1]=$(remedy "$1")
    open_or_remind "$1" "$(prospect "$1" "${remedies[$1]}")"
}

# remedy NAME: prints wait, restart, give-up, stop (again, a crash loop that was given up), or why there is none: it would
# be started on other data than it runs on, for one.
remedy() {
    case ${status[$1]} in missing | foreign) echo absent && return ;; esac
    if [ "${kinds[$1]}" = readiness ] && [ "${RESTARTS_UNREADY[$1]}" = no ]; then
        echo unwanted
    elif [ -e "$WORK/$1.cut" ]; then
        echo cut
    elif [ -e "$WORK/$1.unheard" ]; then
        echo unheard
    elif [ -e "$WORK/$1.half" ]; then
        echo half
    elif [ -e "$WORK/$1.ruled" ]; then
        echo ruled
    elif [ "${memory[$1,failures]}" -lt "$RESTART_AFTER" ]; then
        echo wait
    elif [ -e "$HEALTH/$1/gave-up" ]; then
        if is_crashing "$1"; then echo stop; else echo given-up; fi
    elif [ "${memory[$1,attempts]}" -ge "$RESTART_LIMIT" ]; then
        echo give-up
    elif is_crashing "$1"; then
        # The engine restarts it already; another restart would only hide the count.
        echo wait
    elif would_stray "$1"; then
        echo misplaced
    else
        echo restart
    fi
}

prospect() { # NAME REMEDY: prints what Fairlead does, for people
    case $2 in
        absent) echo "nothing: this job makes no container; Fairlead does, unless the plan's 'drift' is 'report'" ;;
        misplaced) echo "nothing: it would be started on another data directory than it runs on; see 'fairlead status'" ;;
        cut) echo "nothing: this job mends no network; Fairlead does, unless the plan's 'drift' is 'report'" ;;
        half) echo "nothing: it serves by its other family, and a restart would end that" ;;
        ruled) echo "nothing: a restart changes no rule of the host's firewall" ;;
        unheard) echo "nothing: what it is healthy for runs; mend it, or write 'unchecked' behind the port in the plan" ;;
        unwanted) echo "nothing: the plan has 'restart: false' for it" ;;
        given-up | stop) echo "nothing any more: $(cat -- "$HEALTH/$1/gave-up")" ;;
        wait)
            if is_crashing "$1"; then
                echo "${ENGINE##*/} starts it again; after $RESTART_LIMIT times without a recovery it is stopped"
                return
            fi
            echo "restarts it after $RESTART_AFTER failed checks in a row, at most $RESTART_LIMIT times"
            ;;
        *) echo "acts now; another mail follows" ;;
    esac
}

open_or_remind() { # NAME ACTION
    local action=$2
    if [ -z "${memory[$1,incident]:-}" ]; then
        memory[$1,incident]=$(</proc/sys/kernel/random/uuid)
        memory[$1,since]=$NOW memory[$1,known]=yes
        set_hold "$1"
        [ -z "${memory[$1,hold]}" ] || action+="; that it is well again it tells when it has been so for $(hold_of "$1")"
        publish opened "$1" "${reasons[$1]}" "$action"
    elif ! is_recent "${memory[$1,mailed]:-0}" "$REMIND_AFTER"; then
        publish reminded "$1" "${reasons[$1]}" "$2"
    fi
}

restart() { # NAME
    local action other
    memory[$1,attempts]=$((memory[$1,attempts] + 1)) memory[$1,failures]=0
    # First: should this run be killed meanwhile, the restart has been counted.
    remember "$1"
    action="restarted it (${memory[$1,attempts]} of at most $RESTART_LIMIT times)"
    local along=${RESTART_WITH[$1]}
    if ! tell_engine restart "$1"; then
        action="tried to restart it, but ${ENGINE##*/} says: $(one_line <"$WORK/complaint")" along=''
    fi
    # From here on the engine counts anew.
    if inspect "$1" && take_observation "$(cat -- "$WORK/seen")"; then memory[$1,restarts]=${restarts[$1]}; fi
    for other in $along; do
        if restart_along "$other"; then action+=", and $other with it"; fi
    done
    excuse_dependents "$1"
    for other in ${DEPENDENTS[$1]}; do remember "$other"; done
    notes+=("$action")
    publish restarted "$1" "${reasons[$1]}" "$action"
}

# restart_along NAME: because it depends on one that was restarted, and would go on with what it knew of that. Fails where it is
# not restarted.
restart_along() {
    [ "${status[$1]}" = running ] && [ ! -e "$HEALTH/$1/gave-up" ] && ! would_stray "$1" || return 1
    tell_engine restart "$1" || {
        notes+=("cannot restart $1: $(one_line <"$WORK/complaint")")
        return 1
    }
    if inspect "$1" && take_observation "$(cat -- "$WORK/seen")"; then memory[$1,restarts]=${restarts[$1]}; fi
}

give_up() { # NAME
    local why action='leaves it alone'
    why="it was restarted $(count_of "${memory[$1,attempts]}" time) without a recovery;"
    why+=" mend and deploy it, or have it restarted with 'fairlead retry'"
    if is_crashing "$1"; then
        stop "$1"
        action='stopped it'
    fi
    notes+=("gave $1 up")
    memory[$1,gaveup]=yes
    # Before the marker, with which the next run would say nothing any more.
    publish gave-up "$1" "${reasons[$1]}" "$action: $why"
    printf '%s\n' "$why" | write_atomically "$HEALTH/$1/gave-up"
}

# Between a crash and the restart that follows it, Podman takes a container for stopped already, and restarts it all the
# same. Should it be missed here, the next run stops it again.
stop() { # NAME
    local before until=$((SECONDS + STOP_TIMEOUT[$1] + ACTION_LIMIT))
    for _ in {1..5}; do
        before=${restarts[$1]}
        tell_engine stop "$1" || notes+=("cannot stop $1: $(one_line <"$WORK/complaint")")
        sleep 2
        if ! inspect "$1"; then break; fi
        take_observation "$(cat -- "$WORK/seen")"
        if [ "${status[$1]}" != running ] && [ "${restarts[$1]}" = "$before" ]; then break; fi
        [ "$SECONDS" -lt "$until" ] || break
    done
    memory[$1,restarts]=${restarts[$1]}
}

# Files, not pipes: a container's monitor would keep a pipe open as long as the container lives.
tell_engine() { # VERB NAME
    local result=0 limit=$((STOP_TIMEOUT[$2] + ACTION_LIMIT))
    within "$limit" become_engine "$1" "$STACK-$2" >/dev/null 2>"$WORK/complaint" || result=$?
    if [ "$result" = 124 ]; then
        hangs=yes
        echo "did not answer within $limit s" >>"$WORK/complaint"
    fi
    return "$result"
}
