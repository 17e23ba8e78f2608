# shellcheck shell=bash disable=SC2154
# watch.sh: sourced by play.sh; writes rows while the site serves, and catches a status that calls a dead site whole.
#
# A difference has to last three seconds, and looks are five seconds apart at the most: after the act that killed the
# site, or the end of the last answer, a look and a slow machine have `patience`. Only then a good word counts as a lie,
# and only when it is said three times of one deployment while every question in between goes unanswered: a site that
# just comes back, or a next deployment that just begins, is none.

patience=30000 # milliseconds

touch_act() { now >"$work/acted"; }

# Each container keeps the rows that were sent to it. Only what it acknowledged counts.
write_rows() {
    local number
    for number in "${!keys[@]}"; do
        row=$((row + 1))
        [ "$(curl --silent --max-time 3 "http://127.0.0.1:$((port + number))/cgi-bin/row?$row" || true)" != "kept $row" ] \
            || echo "$number $row" >>"$work/acknowledged"
    done
}

answers() {
    local number
    for number in "${!keys[@]}"; do page "$number" >/dev/null || return 1; done
}

# The deployment of which status says that all is well, were it none; nothing when it does not say so.
called_whole() {
    "$fairlead" status --exit-code >"$work/status" 2>&1 || return 0
    "$fairlead" status --output json 2>/dev/null | jq '.deployed.deployment' || true
}

is_lie() {
    local first round
    first=$(called_whole)
    [ -n "$first" ] || return 1
    for round in 1 2 3; do
        if answers || [ "$(called_whole)" != "$first" ] || [ "$(cat "$work/acted")" -gt "$quiet" ]; then return 1; fi
        sleep "0.$round"
    done
}

watch() {
    local dead='' acted quiet row=0
    while [ ! -e "$work/over" ]; do
        sleep 0.5
        if answers; then
            [ -z "$dead" ] || tell "    the site answers again"
            dead=''
            write_rows
            continue
        fi
        if [ -z "$dead" ]; then
            dead=$(now)
            tell '    the site is dead'
        fi
        acted=$(cat "$work/acted")
        quiet=$((dead > acted ? dead : acted))
        if [ $(($(now) - quiet)) -gt "$patience" ] && is_lie; then
            fault "status calls a site whole that has been dead for $(($(now) - quiet)) ms: $(head -n 1 "$work/status")"
            dead=''
        fi
    done
}
