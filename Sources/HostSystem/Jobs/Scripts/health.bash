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
# Crashes without a recovery that are a loop.
readonly CRASH_LOOP=3

# By container. What was seen in this run:
declare -A status=() address=() address4=() address6=() addresses=() started=() restarts=() process=() identity=() exit_status=() crashes=() excused=()
# … what follows from it: healthy, starting, consequence or failing; why:
declare -A verdict=() kinds=() reasons=() remedies=()
# … and what outlasts the run, by `container,key`:
declare -A memory=()
declare -a notes=()
published=
# Whether the engine has let a call run into its limit in this run.
hangs=

main() {
    job_begin health-check "$JOB_DEADLINE"
    take_lock 0
    local why program
    if why=$(paused); then end_quietly 0 "paused: $why"; fi
    for program in "${PROGRAMS[@]}"; do
        # A check that cannot be made is not the container's failure.
        command -v "$program" >/dev/null || finish 1 "'$program' is not installed: install it"
    done
    make_workspace
    NOW=$(date +%s)
    recall "$ENGINE_SUBJECT"
    observe || engine_fails "$(one_line <"$WORK/complaint")"
    engine_works
    probe_all
    renew_ports
    judge_all
    record_checks
    act_all
    conclude 0 "$(summary)"
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
    local name reason
    {
        printf 'time=%s\n' "$NOW"
        for name in "${CONTAINERS[@]}"; do
            reason=${reasons[$name]:-}
            printf '%s=%s %s\n' "$name" "${verdict[$name]}" "${reason//[[:cntrl:]]/ }"
        done
    } | write_atomically "$RUNTIME_DIRECTORY/health" || notes+=('cannot record what was checked')
}

summary() {
    local name healthy=0 total=${#CONTAINERS[@]}
    local -a others=()
    for name in "${CONTAINERS[@]}"; do
        case ${verdict[$name]} in
            healthy) healthy=$((healthy + 1)) ;;
            starting) others+=("$name is starting") ;;
            consequence) others+=("$name waits for what it depends on") ;;
            failing) others+=("$name fails: ${reasons[$name]}") ;;
        esac
    done
    if [ "$healthy" = "$total" ]; then
        printf '%s healthy' "$(count_of "$total" container)"
    else
        printf '%s of %s healthy; %s' "$healthy" "$total" "$(joined '; ' "${others[@]}")"
    fi
}

engine_fails() { # COMPLAINT
    local reason="does not answer${1:+: $1}" subject=$ENGINE_SUBJECT
    memory[$subject,failures]=$((${memory[$subject,failures]:-0} + 1)) memory[$subject,kind]=liveness
    reasons[$subject]=$reason
    if [ "${memory[$subject,failures]}" -ge "$RESTART_AFTER" ]; then
        open_or_remind "$subject" "nothing: see 'journalctl' and '${ENGINE##*/} info' on the host"
    fi
    remember "$subject"
    conclude 1 "${ENGINE##*/} $reason"
}

engine_works() {
    if ! has_failed "$ENGINE_SUBJECT" && [ -n "${memory[$ENGINE_SUBJECT,known]:-}" ]; then return 0; fi
    recover "$ENGINE_SUBJECT"
    remember "$ENGINE_SUBJECT"
}

main
