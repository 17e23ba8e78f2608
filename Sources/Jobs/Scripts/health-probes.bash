# health-probes.bash: asks containers whether they live and serve. Part of the health-check job; needs common.bash,
# health-ports.bash, port-list.bash and port-rules.bash.
#
# Settings that it needs: STACK, CONTAINERS, and for each container, `-` in its name written as `_`, the arrays
# LIVENESS_name and READINESS_name; they are empty or one of
#     (SECONDS command PROGRAM ARGUMENT...)  (SECONDS http PORT PATH)  (SECONDS https PORT PATH)  (SECONDS tcp PORT)
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# How many containers are asked at the same time.
readonly PROBES_AT_ONCE=8
# The engine's own start is not the container's fault: a command has that many seconds more.
readonly EXEC_ALLOWANCE=2

# probe_all: asks every container that runs; the answers lie in $WORK/NAME.probe, empty when all is well.
probe_all() {
    local name
    local -a asked=()
    list_port_rules >"$WORK/rules"
    for name in "${CONTAINERS[@]}"; do
        [ "${status[$name]}" = running ] || continue
        probe "$name" >"$WORK/$name.probe" &
        asked+=("$!")
        [ "${#asked[@]}" -ge "$PROBES_AT_ONCE" ] || continue
        wait "${asked[@]}"
        asked=()
    done
    [ "${#asked[@]}" = 0 ] || wait "${asked[@]}"
}

# probe NAME: prints `liveness REASON` or `readiness REASON` when a check fails.
probe() {
    local reason
    if ! reason=$(run_check "LIVENESS_${1//-/_}" "$1"); then
        printf 'liveness %s\n' "$reason"
    elif ! reason=$(run_check "READINESS_${1//-/_}" "$1"); then
        printf 'readiness %s\n' "$reason"
    elif ! reason=$(check_ports "$1"); then
        printf 'readiness %s\n' "$reason"
    fi
}

run_check() { # ARRAY NAME: prints in one line why the check fails
    local -n check=$1
    local limit=${check[0]:-}
    case ${check[1]:-none} in
        none) return 0 ;;
        command) check_command "$limit" "$STACK-$2" "${check[@]:2}" ;;
        *)
            local reason
            ! reason=$(check_address "$limit" "${address[$2]}" "${check[@]:1}") || return 0
            if ! has_way "${address[$2]}"; then
                : >"$WORK/$2.cut"
                reason="this host does not reach its address ${address[$2]}: the network of the stack is not whole"
            fi
            printf %s "$reason"
            return 1
            ;;
    esac
}

check_address() { # SECONDS ADDRESS KIND PORT [PATH]
    if [ -z "$2" ]; then
        printf 'it has no address on the network of the stack'
        return 1
    fi
    if [ "$3" = tcp ]; then check_tcp "$1" "$2" "$4"; else check_http "$@"; fi
}

check_tcp() { # SECONDS ADDRESS PORT
    local output result=0
    # shellcheck disable=SC2016 # the inner shell's arguments
    output=$(timeout --kill-after=1 "$1" /bin/bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$2" "$3" 2>&1) || result=$?
    case $result in
        0) return 0 ;;
        124 | 137) printf 'port %s: no answer within %s s' "$3" "$1" ;;
        *) printf 'port %s: %s' "$3" "$(one_line <<<"${output##*: }")" ;;
    esac
    return 1
}

check_http() { # SECONDS ADDRESS http|https PORT PATH
    local host=$2 answer result=0
    [[ $host != *:* ]] || host="[$host]"
    # Only the status counts. The full device ends the transfer of a body, be it endless, at its first bytes.
    answer=$(curl --disable --globoff --path-as-is --silent --insecure --noproxy '*' --max-time "$1" \
        --user-agent fairlead --header 'Connection: close' --output /dev/full --write-out '%{http_code} %{errormsg}' \
        "$3://$host:$4$5") || result=$?
    case $answer in
        [23][0-9][0-9]\ *) return 0 ;;
        000*) ;;
        *) printf '%s %s' "$3" "${answer%% *}" && return 1 ;;
    esac
    if [ "$result" = 28 ]; then
        printf '%s: no answer within %s s' "$3" "$1"
    else
        printf '%s: %s' "$3" "$(one_line <<<"${answer#* }")"
    fi
    return 1
}

check_command() { # SECONDS CONTAINER PROGRAM ARGUMENT...
    local output result token
    token=$(</proc/sys/kernel/random/uuid)
    output=$(
        # However much it writes: memory and disk see the end of it only.
        exec_within "$1" "$token" "${@:2}" 2>&1 | tail --bytes=512
        exit "${PIPESTATUS[0]}"
    )
    result=$?
    if [ -e "$WORK/$token.late" ]; then
        printf 'command: no answer within %s s' "$1"
        return 1
    fi
    [ "$result" != 0 ] || return 0
    output=$(tail --lines=3 <<<"$output" | one_line)
    printf 'exit status %s%s' "$result" "${output:+: $output}"
    return 1
}

# exec_within SECONDS TOKEN CONTAINER PROGRAM ARGUMENT...: its exit status; leaves $WORK/TOKEN.late past the deadline.
#
# The engine has no deadline for commands, and killing the engine's own program would leave the command and its monitor
# behind. So the command carries a token in its environment, by which its processes are found on this host and killed.
exec_within() {
    local running clock ended result=0
    become_engine exec --env "FAIRLEAD_CHECK=$2" "${@:3}" &
    running=$!
    sleep "$1" "$EXEC_ALLOWANCE" >/dev/null 2>&1 9>&- &
    clock=$!
    wait -n -p ended "$running" "$clock" || result=$?
    if [ "$ended" = "$running" ]; then
        kill "$clock" 2>/dev/null
        return "$result"
    fi
    : >"$WORK/$2.late"
    end_command "$2" "$running"
}

# The engine's program ends by itself when the command is dead, and clears up. Where it hangs itself, it is killed.
end_command() { # TOKEN PROCESS
    for _ in {1..20}; do
        kill_marked "$1"
        sleep 0.1
        kill -0 "$2" 2>/dev/null || return 0
    done
    kill -KILL "$2" 2>/dev/null
    wait "$2" 2>/dev/null
}

kill_marked() { # TOKEN
    local file process
    while read -r file; do
        process=${file#/proc/}
        process=${process%%/*}
        # The command leads a session of its own; the group goes first, for children with another environment.
        kill -KILL -- "-$process" 2>/dev/null
        kill -KILL "$process" 2>/dev/null
    done < <(grep --files-with-matches --line-regexp --null-data --fixed-strings "FAIRLEAD_CHECK=$1" \
        /proc/[0-9]*/environ 2>/dev/null)
}
