# health-diagnosis.bash: what the engine, the checks and this host say of each container. Part of the health-check job; needs
# common.bash and health-decision.bash.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# observe: asks the engine about all containers at once; fails when it does not answer.
observe() {
    local name line
    for name in "${CONTAINERS[@]}"; do
        status[$name]=missing
        recall "$name"
    done
    local complete=yes
    inspect "${CONTAINERS[@]}" || complete=''
    while IFS= read -r line; do take_observation "$line"; done <"$WORK/seen"
    # It may be a missing container, or the engine itself.
    [ -n "$complete" ] || confirm_missing
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

# decide_all: of each container, dependencies first, what follows from what is seen; nothing is done yet.
decide_all() {
    local name uptime
    read -r uptime _ </proc/uptime && UPTIME=${uptime%.*}
    for name in "${CONTAINERS[@]}"; do
        decide_about "$name"
        [ -z "${decision[$name,excuse]:-}" ] || excuse_dependents "$name"
    done
}

# decide_about NAME [PAIR...]: has `decide` decide, with the pairs beside what is seen.
decide_about() {
    local key kind='' reason=''
    local -A decided=()
    local -a pairs=(
        name="$1" now="$NOW" seen.status="${status[$1]}" seen.id="${identity[$1]:-}" seen.restarts="${restarts[$1]:-0}"
        seen.exit="${exit_status[$1]:-}" seen.started="${started[$1]:-0}" seen.excused="${excused[$1]:-}"
        seen.uptime="$UPTIME" setting.restart-after="$RESTART_AFTER" setting.restart-limit="$RESTART_LIMIT"
        setting.remind-after="$REMIND_AFTER" setting.start-period="${START_PERIOD[$1]}"
        setting.restarts-unready="${RESTARTS_UNREADY[$1]}" setting.engine="${ENGINE##*/}" setting.container="$STACK-$1"
    )
    for key in $MEMORY_KEYS; do pairs+=("remembered.$key=${memory[$1,$key]:-}"); done
    for key in cut unheard half ruled; do [ ! -e "$WORK/$1.$key" ] || pairs+=("seen.$key=yes"); done
    for key in ${DEPENDS_ON[$1]}; do [ "${decision[$key,verdict]}" = healthy ] || pairs+=(seen.blocked="$key"); done
    if [ -s "$WORK/$1.probe" ]; then
        read -r kind reason <"$WORK/$1.probe"
        pairs+=(seen.probe="$kind $reason")
    fi
    if [ -e "$HEALTH/$1/gave-up" ]; then
        reason=''
        IFS= read -r reason <"$HEALTH/$1/gave-up"
        pairs+=(seen.gave-up="$reason")
    fi
    decide decided "${pairs[@]}" "${@:2}"
    for key in "${!decided[@]}"; do decision[$1,$key]=${decided[$key]}; done
}

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

excuse_dependents() { # NAME
    local other
    for other in ${DEPENDENTS[$1]}; do excused[$other]=yes memory[$other,grace]=$NOW; done
}
