# health-treatment.bash: does what was decided: restarts, gives up, tells. Part of the health-check job; needs common.bash
# and health-decision.bash.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# What is known is told first, of every container; only then is anything done for which a hanging engine takes its time.
act_all() {
    local name
    for name in "${CONTAINERS[@]}"; do
        # Where only that decides: a directory on a server that is gone may hang.
        if [ -n "${decision[$name,look]:-}" ]; then
            if would_stray "$name"; then decide_about "$name" seen.strays=yes; else decide_about "$name" seen.strays=no; fi
        fi
        follow "$name"
    done
    send_published
    for name in "${CONTAINERS[@]}"; do
        case ${decision[$name,act]:-} in
            restart) restart "$name" ;;
            give-up) give_up "$name" ;;
            stop) stop "$name" ;;
            *) continue ;;
        esac
        remember "$name"
    done
}

# follow NAME: tells and remembers what was decided.
follow() {
    local tell=${decision[$1,tell]:-} is_told=yes
    [ -z "${decision[$1,note]:-}" ] || notes+=("${decision[$1,note]}")
    # Of the end of an incident while it is still remembered.
    case $tell in
        closed) publish closed "$1" "${decision[$1,tell.reason]}" "${decision[$1,tell.action]}" ;;
        disclaimed) disclaim "$1" || is_told='' ;;
    esac
    take_memory "$1" remember
    [ -n "$is_told" ] || memory[$1,known]=''
    case $tell in
        opened | reminded) publish "$tell" "$1" "${decision[$1,tell.reason]}" "${decision[$1,tell.action]}" ;;
    esac
    [ -z "${decision[$1,forget-marker]:-}" ] || rm -f -- "$HEALTH/$1/gave-up"
    remember "$1"
}

# take_memory NAME remember|act: what was decided that is to be remembered.
take_memory() {
    local key
    for key in $MEMORY_KEYS; do
        [ -z "${decision[$1,$2.$key]+there}" ] || memory[$1,$key]=${decision[$1,$2.$key]}
    done
    [ "${memory[$1,incident]:-}" != new ] || memory[$1,incident]=$(</proc/sys/kernel/random/uuid)
}

restart() { # NAME
    local action other
    take_memory "$1" act
    # First: should this run be killed meanwhile, the restart has been counted.
    remember "$1"
    action=${decision[$1,act.says]}
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
    publish restarted "$1" "${decision[$1,reason]}" "$action"
    memory[$1,mailed]=$NOW
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
    [ -z "${decision[$1,act.stop]:-}" ] || stop "$1"
    notes+=("gave $1 up")
    take_memory "$1" act
    # Before the marker, with which the next run would say nothing any more.
    publish gave-up "$1" "${decision[$1,reason]}" "${decision[$1,act.says]}"
    memory[$1,mailed]=$NOW
    printf '%s\n' "${decision[$1,act.why]}" | write_atomically "$HEALTH/$1/gave-up"
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
