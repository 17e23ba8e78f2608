# shellcheck shell=bash disable=SC2154
# verdict.sh: sourced by play.sh; after the last act everything is healed, and the host is judged.

bound=120 # seconds, after which a healed host serves the last commit

heal() {
    curl --silent --output /dev/null --max-time 1 "http://$registry/v2/" || start_registry
    kill -0 "$(cat "$work/daemon.pid")" 2>/dev/null || start_daemon
    # shellcheck disable=SC2034 # read where the plan is written
    setting=END
    write_plan 2
    commit 'The end: run soak 2'
    tell 'healed; the last commit is a good one'
}

judge() {
    local healed=$SECONDS
    is "served from the host within $bound s" within "$bound" serves_version 2
    is 'the last commit deployed' within 60 runs_last_commit
    is 'status whole' within 60 "$fairlead" status --exit-code
    tell "converged $((SECONDS - healed)) s after the last commit"
    is 'no incident open' no_incident
    is 'the daemon ended in order' end_daemon
    is 'the journal verified' "$fairlead" audit verify
    is 'every acknowledged row kept' rows_kept
    judge_leftovers
}

is() { # WHAT COMMAND...: what it printed last goes with the fault
    local what=$1
    shift
    "$@" >"$work/answer" 2>&1 || fault "not $what: $(tail -n 5 "$work/answer" | tr '\n' ' ')"
}

runs_last_commit() {
    local tip deployed
    tip=$(git -C "$work/repo" rev-parse HEAD)
    deployed=$("$fairlead" status --output json | jq --raw-output '.deployed.commit.id')
    [ "$deployed" = "$tip" ] || { echo "tip $tip, deployed $deployed" && false; }
}

no_incident() { "$fairlead" incidents --open --output json | jq --exit-status '.incidents == []'; }

end_daemon() {
    local daemon
    daemon=$(cat "$work/daemon.pid")
    kill "$daemon"
    wait "$daemon"
}

rows_kept() {
    local number row directories=(base "$data" last)
    [ -s "$work/acknowledged" ] || { echo 'none was written' && return 1; }
    for number in "${!keys[@]}"; do
        sort "$work/data/soak/${directories[number]}/rows" >"$work/rows" || : >"$work/rows"
        row=$(sed -n "s/^$number //p" "$work/acknowledged" | sort | comm -23 - "$work/rows" | tr '\n' ' ')
        [ -z "$row" ] || { echo "lost in ${directories[number]}: $row" && return 1; }
    done
}

# One line each, sorted; what should be there is an argument each.
only() { # WHAT WANTED...
    local what=$1 found
    shift
    found=$(sort)
    [ "$found" = "$(printf '%s\n' "$@" | sort)" ] || fault "$what are: $(tr '\n' ' ' <<<"$found")but should be: $*"
}

# A namespace each: httpd has a process more for each open connection.
services() {
    pgrep -f "httpd .*-r ${work##*/}" | while read -r pid; do readlink "/proc/$pid/ns/pid" || true; done | sort -u
}

judge_leftovers() {
    podman ps --all --external --format '{{.Names}}' | only containers soak-web0 soak-web1 "soak-$last"
    podman network ls --format '{{.Name}}' | only networks podman soak
    podman images --all --format '{{.Repository}}:{{.Tag}}' | sed "\|^$registry/soak/web:[123]$|d" | only 'other images' ''
    find "$work/data/soak" -mindepth 1 -maxdepth 1 -printf '%f\n' | sed '/^\.fairlead-before$/d' \
        | only 'entries of the data' .fairlead-data.json base "$data" last
    find "$work/data/soak/.fairlead-before" -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | tail -n +2 | only 'more copies than one' ''
    find "$work/state" "$work/run" -name '.*' -printf '%P\n' | only 'temporary files' ''
    services | wc -l | only 'services that run' 3
    is 'one conmon left for each of 3 containers' within 30 conmons 3
}

# One outlives its container for as long as the engine's clean-up takes.
conmons() { # NUMBER
    pgrep --list-full --full "conmon.*$work/" | sed "s/^\([0-9]*\) .* -n \([^ ]*\) .*/\1 \2/"
    [ "$(pgrep --full "conmon.*$work/" | wc -l)" = "$1" ]
}
