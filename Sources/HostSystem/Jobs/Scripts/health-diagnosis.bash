# health-diagnosis.bash: what the engine and the checks say of each container, and what follows from it. Part of the
# health-check job; needs common.bash.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# observe: asks the engine about all containers at once; fails when it does not answer.
observe() {
    local name line
    for name in "${CONTAINERS[@]}"; do
        status[$name]=missing crashes[$name]=0
        recall "$name"
    done
    local complete=yes
    inspect "${CONTAINERS[@]}" || complete=''
    while IFS= read -r line; do take_observation "$line"; done <"$WORK/seen"
    # It may be a missing container, or the engine itself.
    [ -n "$complete" ] || confirm_missing || return 1
    for name in "${CONTAINERS[@]}"; do count_crashes "$name"; done
}

# What the engine lists but cannot show is not missing: its storage may be damaged. When that is all, the engine is.
confirm_missing() {
    local name
    within "$QUESTION_LIMIT" become_engine ps --all --format '{{.Names}}' >"$WORK/names" 2>"$WORK/complaint.ps" || {
        mv -- "$WORK/complaint.ps" "$WORK/complaint"
        return 1
    }
    for name in "${CONTAINERS[@]}"; do
        [ "${status[$name]}" = missing ] || continue
        ! grep --quiet --line-regexp --fixed-strings -e "$STACK-$name" -- "$WORK/names" || status[$name]=unreadable
    done
    [ -s "$WORK/seen" ] || [[ " ${status[*]} " != *' unreadable '* ]]
}

inspect() { # NAME...
    local format='{{.Name}}|{{.Id}}|{{index .Config.Labels "io.fairlead.stack"}}|{{.State.Status}}'
    format+='|{{json .State.StartedAt}}|{{.RestartCount}}|{{.State.ExitCode}}|{{.State.Pid}}'
    format+="|{{with index .NetworkSettings.Networks \"$STACK\"}}"
    format+='{{.IPAddress}}|{{.GlobalIPv6Address}}{{end}}|'
    format+='{{range .NetworkSettings.Networks}}{{.IPAddress}},{{.GlobalIPv6Address}},{{end}}'
    within "$QUESTION_LIMIT" become_engine container inspect --format "$format" "${@/#/$STACK-}" \
        >"$WORK/seen" 2>"$WORK/complaint"
}

take_observation() { # LINE
    local name id stack state since count code pid place4 place6 places
    IFS='|' read -r name id stack state since count code pid place4 place6 places <<<"$1"
    # Docker writes a slash before it.
    name=${name#/} name=${name#"$STACK-"}
    [ -n "${status[$name]:-}" ] || return 0
    status[$name]=foreign
    [ "$stack" = "$STACK" ] || return 0
    status[$name]=$state identity[$name]=$id restarts[$name]=$count exit_status[$name]=$code process[$name]=$pid
    address[$name]=${place4:-$place6} address4[$name]=$place4 address6[$name]=$place6 addresses[$name]=$places
    started[$name]=$(date --date="${since//\"/}" +%s 2>/dev/null || echo 0)
}

# Its restart policy brings a crashed container back: only the growing count tells. Another container begins at zero.
count_crashes() { # NAME
    local seen=${restarts[$1]:-0} known
    known=${memory[$1,restarts]:-$seen}
    if [ -n "${memory[$1,id]:-}" ] && [ "${memory[$1,id]}" != "${identity[$1]:-}" ]; then known=0; fi
    # A start by hand sets it back.
    [ "$seen" -ge "$known" ] || known=0
    crashes[$1]=$((seen - known))
    memory[$1,restarts]=$seen memory[$1,id]=${identity[$1]:-}
}

# within SECONDS COMMAND...: its exit status; 124 when it had to be killed. The command must be one process: what it would
# leave behind keeps the pipe open that somebody reads from.
within() {
    local running clock ended result=0
    "${@:2}" &
    running=$!
    sleep "$1" >/dev/null 2>&1 9>&- &
    clock=$!
    wait -n -p ended "$running" "$clock" || result=$?
    if [ "$ended" = "$running" ]; then
        kill "$clock" 2>/dev/null
        return "$result"
    fi
    kill -KILL "$running" 2>/dev/null
    wait "$running" 2>/dev/null
    return 124
}

judge_all() {
    local name
    for name in "${CONTAINERS[@]}"; do
        diagnose "$name"
        judge "$name"
        # What waited for it gets its start period from now on; its crashes meanwhile were not its own fault.
        if [ "${verdict[$name]}" = healthy ] && has_failed "$name" && [ -z "${memory[$name,well]:-}" ]; then
            excuse_dependents "$name"
        fi
    done
}

judge() { # NAME
    if [ -z "${kinds[$1]}" ]; then
        verdict[$1]=healthy
    elif [ "${status[$1]}" = missing ] || [ "${status[$1]}" = foreign ]; then
        verdict[$1]=failing
    elif waits "$1"; then
        verdict[$1]=consequence
    elif is_starting "$1"; then
        verdict[$1]=starting
    else
        verdict[$1]=failing
    fi
}

diagnose() { # NAME
    local kind='' reason=''
    case ${status[$1]} in
        running) [ ! -s "$WORK/$1.probe" ] || read -r kind reason <"$WORK/$1.probe" ;;
        missing) kind=liveness reason='the container is missing: somebody removed it' ;;
        unreadable) kind=liveness reason="${ENGINE##*/} lists it but cannot show its state" ;;
        foreign) kind=liveness reason="its name '$STACK-$1' is taken by a container that Fairlead did not make" ;;
        exited | stopped | dead) kind=liveness reason="not running: exit status ${exit_status[$1]}" ;;
        *) kind=liveness reason="not running: ${status[$1]}" ;;
    esac
    if is_crashing "$1"; then
        reason="ended $(count_of "${crashes[$1]}" time) since the last check${reason:+; $reason}" kind=liveness
        # In this run or in those since it was last well.
        [ $((crashes[$1] + ${memory[$1,attempts]:-0})) -lt "$CRASH_LOOP" ] || kind=crash-loop
    fi
    kinds[$1]=$kind reasons[$1]=$reason
}

is_crashing() { [ "${crashes[$1]}" -gt 0 ] && [ -z "${excused[$1]:-}" ]; } # NAME

waits() { # NAME: whether something that it depends on does not serve
    local other
    for other in ${DEPENDS_ON[$1]}; do [ "${verdict[$other]}" = healthy ] || return 0; done
    return 1
}

# After a boot the stack is started in order, by whoever is first: no container is down before that had its time.
is_booting() { # NAME
    case ${status[$1]} in exited | stopped | created) ;; *) return 1 ;; esac
    local uptime
    read -r uptime _ </proc/uptime && [ "${uptime%.*}" -lt 300 ]
}

is_starting() { # NAME
    ! is_booting "$1" || return 0
    [ "${status[$1]}" = running ] && ! is_crashing "$1" || return 1
    is_recent "${started[$1]}" "${START_PERIOD[$1]}" || is_recent "${memory[$1,grace]:-0}" "${START_PERIOD[$1]}"
}

# Neither when the clock was set back: a start in the future would never be over.
is_recent() { [ "$1" -le "$NOW" ] && [ "$NOW" -lt $(($1 + $2)) ]; } # MOMENT SECONDS

# Whether a data directory that it would be started on is another one than it runs on, such as the mount point of a disk
# that is not mounted any more.
would_stray() { # NAME
    local -n places=DATA_${1//-/_}
    local index root=/proc/${process[$1]:-0}/root
    [ -e "$root" ] || return 1
    for ((index = 0; index < ${#places[@]}; index += 2)); do
        [ "${places[index]}" -ef "$root${places[index + 1]}" ] || return 0
    done
    return 1
}

has_failed() { [ -n "${memory[$1,incident]:-}" ] || [ "${memory[$1,failures]:-0}" -gt 0 ]; } # NAME

excuse_dependents() { # NAME
    local other
    for other in ${DEPENDENTS[$1]}; do excused[$other]=yes memory[$other,grace]=$NOW; done
}
