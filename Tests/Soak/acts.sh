# shellcheck shell=bash disable=SC2154
# acts.sh: sourced by play.sh; what is done to the host. Each act draws four numbers, whatever comes of it.

acts=(good good good burst broken unhealthy revert rename kill_daemon kill_daemon kill_service remove stop kill_container
    kill_process kill_conmon remove_network registry_away git_away flush_firewall)

act() { # TURN
    local kind=${acts[RANDOM % ${#acts[@]}]} which=$((RANDOM % 3)) value=$((RANDOM % 3 + 1)) pause=$((RANDOM % 60))
    tell "$kind $which $value"
    touch_act
    "act_$kind" "$1" "$which" "$value" >>"$work/acts.log" 2>&1 || true
    touch_act
    if [ "$pause" -lt 8 ]; then
        # Left alone, the host heals or says that it does not; a commit takes its time until it does anything.
        sleep 6
        within $((patience / 1000 + 15)) answers || true
    else
        sleep "$((pause / 20)).$((pause % 10))"
    fi
}

container_of() { # NUMBER
    local names=(web0 web1 "$last")
    echo "soak-${names[$1]}"
}

pid_of() { podman inspect --format "{{.State.$1}}" "$2"; } # Pid|ConmonPid CONTAINER

act_good() { # TURN WHICH VALUE
    write_plan "$3"
    commit "$1: run soak $3"
}

act_burst() {
    local version
    for version in 1 2 3 "$3"; do
        write_plan "$version"
        commit "$1: run soak $version in a hurry"
    done
}

act_broken() {
    local texts=('{"schemaVersion": 1,' '{"schemaVersion": 1, "stack": "soak", "version": "1", "contaners": {}}' '[]')
    echo "${texts[$2]}" >"$work/repo/plan.json"
    commit "$1: break the plan"
}

act_unhealthy() {
    write_plan "$3" /missing
    commit "$1: run an unhealthy soak $3"
}

act_revert() {
    git -C "$work/repo" rev-parse --quiet --verify HEAD~1 || return 0
    git -C "$work/repo" revert --no-edit HEAD
    within 10 git -C "$work/repo" push --quiet "$work/repo.git" main
}

act_rename() {
    case $2 in
        0) if [ "$setting" = STYLE ]; then setting=THEME; else setting=STYLE; fi ;;
        1) if [ "$data" = first ]; then data=second; else data=first; fi ;;
        2) if [ "$last" = web2 ]; then last=page2; else last=web2; fi ;;
    esac
    write_plan "$3"
    commit "$1: rename, and run soak $3"
}

kill_daemon() {
    local daemon
    daemon=$(cat "$work/daemon.pid")
    kill -9 "$daemon"
    wait "$daemon" || true
}

act_kill_daemon() {
    kill_daemon
    sleep "$2"
    start_daemon
}

# Fairlead starts it again.
act_kill_service() { pgrep -f "system service.*$work/podman.sock" | xargs --no-run-if-empty kill -9; }
act_remove() { podman rm --force --time 0 "$(container_of "$2")"; }
act_stop() { podman stop --time "$3" "$(container_of "$2")"; }
act_kill_container() { podman kill "$(container_of "$2")"; }
act_remove_network() { podman network rm --force --time 0 soak; }

kill_pid() { if [ "$1" -gt 1 ]; then kill -9 "$1"; fi; }
act_kill_process() { kill_pid "$(pid_of Pid "$(container_of "$2")")"; }
act_kill_conmon() { kill_pid "$(pid_of ConmonPid "$(container_of "$2")")"; }

act_registry_away() {
    stop_registry
    if [ "$2" = 0 ]; then act_good "$@"; fi
    sleep "$3"
    start_registry
}

act_git_away() {
    mv "$work/repo.git" "$work/repo.away"
    sleep "$3"
    mv "$work/repo.away" "$work/repo.git"
}

# The sandbox has a network namespace, and so rules of its own.
act_flush_firewall() {
    iptables --flush
    iptables --table nat --flush
}
