# health.bash: the health-check job. It asks every container of the plan, restarts what goes on failing, tells people.
# It follows common.bash, mail.bash and the other health-*.bash.
#
# Settings that it needs, beside those of common.bash and health-probes.bash: HOST, VERSION, COMMIT, DEPLOYMENT;
# CONTAINERS, dependencies first; DATA_NAME, each data directory and its place in the container; by name START_PERIOD and STOP_TIMEOUT in seconds, DEPENDS_ON, DEPENDENTS (also
# indirect ones), RESTART_WITH (those that are restarted when it is), RESTARTS_UNREADY (yes or no); RESTART_AFTER, RESTART_LIMIT, REMIND_AFTER (seconds); PROGRAMS, which
# must be installed; in seconds, of one call of the engine, QUESTION_LIMIT, ACTION_LIMIT (beside a stop's own time-out) and
# TAIL_LIMIT; JOB_DEADLINE (seconds), which covers them all.
#
# A container that fails is restarted after RESTART_AFTER runs, at most RESTART_LIMIT times until it recovers; what the
# engine's own restart policy did counts too. A container that waits for a failing one is left alone.
# shellcheck disable=SC2034,SC2153 # what is declared here is used in the other parts

readonly HEALTH=$STATE_DIRECTORY/jobs/health
# The engine itself fails under this name, which no container can have.
readonly ENGINE_SUBJECT=_engine
# By container. What was seen in this run:
declare -A status=() address=() address4=() address6=() addresses=() started=() restarts=() process=() identity=() exit_status=() excused=()
# … what follows from it, by `container,key` as `decide` names them:
declare -A decision=()
# … and what outlasts the run, by `container,key`:
declare -A memory=()
declare -a notes=()
published=
# Of this host, in seconds; empty where that cannot be told.
UPTIME=
# Whether the engine has let a call run into its limit in this run.
hangs=

main() {
    job_begin health-check "$JOB_DEADLINE"
    take_lock 0
    begin_or_end
    make_workspace
    NOW=$(date +%s)
    recall "$ENGINE_SUBJECT"
    observe || engine_fails "$(one_line <"$WORK/complaint")"
    engine_works
    probe_all
    renew_ports
    decide_all
    record_checks
    act_all
    conclude 0 "$(summary)"
}

begin_or_end() {
    local why program
    local -A run=()
    local -a pairs=()
    ! why=$(paused) || pairs+=(paused="$why")
    for program in "${PROGRAMS[@]}"; do
        command -v "$program" >/dev/null || { pairs+=(missing="$program") && break; }
    done
    decide_run run "${pairs[@]}"
    [ -n "${run[status]:-}" ] || return 0
    if [ -n "${run[quiet]:-}" ]; then end_quietly "${run[status]}" "${run[summary]}"; fi
    finish "${run[status]}" "${run[summary]}"
}

# Not in the runtime directory's root: what a killed run left is removed here.
make_workspace() {
    WORK=$RUNTIME_DIRECTORY/health-check
    rm -rf -- "$WORK"
    mkdir -m 0700 -- "$WORK" || finish 1 "cannot create '$WORK'"
    trap 'rm -rf -- "$WORK"' EXIT
}

conclude() { # STATUS SUMMARY
    send_published
    [ "${#notes[@]}" = 0 ] || log "$2 ($(joined '; ' "${notes[@]}"))"
    end_quietly "$@"
}

send_published() {
    [ -z "$published" ] || start_sending
    published=
}

# When all is well the log stays as it is.
end_quietly() { # STATUS SUMMARY
    trap '' TERM INT HUP
    record_result "$@"
    release_lock
    exit "$1"
}

# How every container was found, for people who ask; in memory, so that the disk is spared.
record_checks() {
    local name why
    {
        printf 'time=%s\n' "$NOW"
        for name in "${CONTAINERS[@]}"; do
            why=${decision[$name,reason]}
            printf '%s=%s %s\n' "$name" "${decision[$name,verdict]}" "${why//[[:cntrl:]]/ }"
        done
    } | write_atomically "$RUNTIME_DIRECTORY/health" || notes+=('cannot record what was checked')
}

summary() {
    local name healthy=0 total=${#CONTAINERS[@]}
    local -a others=()
    for name in "${CONTAINERS[@]}"; do
        case ${decision[$name,verdict]} in
            healthy) healthy=$((healthy + 1)) ;;
            starting) others+=("$name is starting") ;;
            consequence) others+=("$name waits for what it depends on") ;;
            failing) others+=("$name fails: ${decision[$name,reason]}") ;;
        esac
    done
    if [ "$healthy" = "$total" ]; then
        counted "$total" container
        printf '%s healthy' "$REPLY"
    else
        printf '%s of %s healthy; %s' "$healthy" "$total" "$(joined '; ' "${others[@]}")"
    fi
}

engine_fails() { # COMPLAINT
    local reason="does not answer${1:+: $1}"
    decide_about_engine "$reason"
    conclude 1 "${ENGINE##*/} $reason"
}

engine_works() { decide_about_engine ''; }

decide_about_engine() { # COMPLAINT
    local key
    local -A decided=()
    local -a pairs=(
        name="$ENGINE_SUBJECT" now="$NOW" seen.complaint="$1" setting.restart-after="$RESTART_AFTER"
        setting.remind-after="$REMIND_AFTER" setting.engine="${ENGINE##*/}"
    )
    for key in $MEMORY_KEYS; do pairs+=("remembered.$key=${memory[$ENGINE_SUBJECT,$key]:-}"); done
    decide_engine decided "${pairs[@]}"
    [ "${#decided[@]}" != 0 ] || return 0
    for key in "${!decided[@]}"; do decision[$ENGINE_SUBJECT,$key]=${decided[$key]}; done
    follow "$ENGINE_SUBJECT"
}

main
