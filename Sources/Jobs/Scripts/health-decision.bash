# health-decision.bash: what follows from what is remembered of a container and what is seen of it now: what to remember, to
# tell and to do. Part of the health-check job; it needs health-verdict.bash.
#
# Each function that is called from outside takes the name of an associative array, which it fills, and KEY=VALUE pairs. It
# reads neither file nor clock nor any other variable, asks no engine and starts no process: the other parts observe
# before it and act after it. What is not given is empty; flags are `yes` or empty.
#
# Given to `decide`: name; now; remembered.KEY, for each key of MEMORY_KEYS; and of the container
#     seen.status (the engine's word, or missing, foreign, unreadable), seen.id, seen.restarts (the engine's count),
#     seen.exit, seen.started, seen.probe (`KIND REASON` of the check that failed), seen.blocked (which dependency does
#     not serve), seen.excused (its crashes were another's fault), seen.uptime (of the host), seen.gave-up (what the
#     marker of a container that was given up says), seen.cut, seen.unheard, seen.half, seen.ruled (see `check_ports`),
#     seen.strays (yes or no: see `would_stray`);
#     setting.restart-after, setting.restart-limit, setting.remind-after, setting.start-period, setting.restarts-unready
#     (yes or no), setting.engine (its name), setting.container (its name for the engine).
# Decided: verdict (healthy, starting, consequence or failing), kind and reason of a failure; excuse, where those that depend
#     on it begin anew; note, for the log; tell (opened, reminded, closed, or disclaimed: see `disclaim`) with tell.reason
#     and tell.action; forget-marker; act (restart, give-up, stop, or why nothing is done) with act.stop, act.says, act.why
#     and act.KEY, what is to be remembered once the act begins; remember.KEY. An incident that begins is `new`.
#     Where only `look=strays` is decided beside verdict, kind and reason: to be asked again with seen.strays.
# shellcheck disable=SC2034,SC2154,SC2178 # what a function fills is read by others; helpers see the variables of their caller

# What is remembered of a container, in the order of its file.
readonly MEMORY_KEYS='id restarts failures attempts well gaveup incident kind since mailed grace closed hold known'

# decide_run DECISION [paused=WHY] [missing=PROGRAM]: whether a run ends before it begins: its `status` and `summary`, and
# `quiet` where the log says nothing of it.
# shellcheck disable=SC2154,SC2178
decide_run() {
    local -n into=$1
    local -A given=() keep=()
    take_pairs "${@:2}"
    if [ -n "${given[paused]+there}" ]; then
        into[status]=0 into[summary]="paused: ${given[paused]}" into[quiet]=yes
    elif [ -n "${given[missing]:-}" ]; then
        # A check that cannot be made is not the container's failure.
        into[status]=1 into[summary]="'${given[missing]}' is not installed: install it"
    fi
}

# decide_engine DECISION PAIR...: of the engine itself: name, now, remembered.KEY, seen.complaint (why it does not answer;
# empty where it does) and setting.restart-after, setting.remind-after, setting.engine. Nothing is decided where it is well,
# as before.
# shellcheck disable=SC2154,SC2178
decide_engine() {
    local -n into=$1
    local -A given=() keep=()
    take_pairs "${@:2}"
    if [ -n "${given[seen.complaint]:-}" ]; then
        keep[failures]=$((${keep[failures]:-0} + 1)) keep[kind]=liveness
        into[verdict]=failing into[kind]=liveness into[reason]=${given[seen.complaint]}
        [ "${keep[failures]}" -lt "${given[setting.restart-after]}" ] \
            || open_or_remind "nothing: see 'journalctl' and '${given[setting.engine]} info' on the host"
    elif has_failed || [ -z "${keep[known]}" ]; then
        into[verdict]=healthy
        recover
    else
        return 0
    fi
    give_memory
}

# shellcheck disable=SC2154,SC2178
decide() { # DECISION PAIR...
    local -n into=$1
    local -A given=() keep=()
    local crashes=0
    take_pairs "${@:2}"
    count_crashes
    diagnose
    judge
    case ${into[verdict]} in
        healthy)
            # What waited for it gets its start period from now on; its crashes meanwhile were not its own fault.
            if has_failed && [ -z "${keep[well]}" ]; then into[excuse]=yes; fi
            recover ;;
        failing) treat || return 0 ;;
        starting) into[note]="${given[name]}: ${into[reason]}" keep[well]='' ;;
        # Failures of its own count in a row, and so do its good runs.
        consequence) into[note]="${given[name]}: ${into[reason]}" keep[failures]=0 keep[well]='' ;;
    esac
    give_memory
}

take_pairs() { # PAIR...
    local pair key
    for pair; do given[${pair%%=*}]=${pair#*=}; done
    for key in $MEMORY_KEYS; do keep[$key]=${given[remembered.$key]:-}; done
}

# shellcheck disable=SC2154
give_memory() {
    local key
    for key in $MEMORY_KEYS; do into[remember.$key]=${keep[$key]}; done
}

has_failed() { [ -n "${keep[incident]}" ] || [ "${keep[failures]:-0}" -gt 0 ]; }

# --- well again

# A recovery is told of when it has held: mails would only mirror a container that comes and goes.
recover() {
    local since=${keep[well]}
    keep[failures]='' keep[well]=${since:-${given[now]}}
    if [ -n "${keep[incident]}" ]; then
        if ! has_held "$since"; then
            words_of_hold
            into[note]="${given[name]} is well again, which has to hold for $REPLY"
            is_recent "${keep[well]}" 3600 "${given[now]}" || pardon
            return
        fi
        close_incident
    elif [ -z "${keep[known]}" ]; then
        into[tell]=disclaimed keep[known]=yes
        forget_incident
    fi
    forget_marker
    # What flaps is given up as well: restarts count until it has been well for an hour.
    if [ "${keep[attempts]:-0}" -eq 0 ] || ! is_recent "${keep[well]}" 3600 "${given[now]}"; then
        keep[attempts]='' keep[well]=''
    fi
}

close_incident() {
    span $((given[now] - keep[since]))
    into[tell]=closed into[tell.reason]="well again after $REPLY" into[tell.action]='nothing more'
    # Those of a longer hold were forgotten after its first hour.
    if [ -n "${keep[attempts]}" ]; then
        counted "${keep[attempts]}" restart
        into[tell.action]+="; $REPLY until then"
    fi
    into[note]="${given[name]} is well again"
    keep[closed]=${given[now]}
    forget_incident
}

forget_incident() { keep[gaveup]='' keep[incident]='' keep[since]='' keep[kind]='' keep[mailed]=''; }

# shellcheck disable=SC2154
forget_marker() { [ -z "${given[seen.gave-up]+there}" ] || into[forget-marker]=yes; }

# It counts anew, and is looked after again, though its incident may still have to wait for its hold.
pardon() {
    keep[attempts]='' keep[gaveup]=''
    forget_marker
}

# has_held SINCE: since an earlier run, or as long as a container has to be well that failed again and again.
has_held() { [ -n "$1" ] && { [ -z "${keep[hold]}" ] || ! is_recent "$1" "${keep[hold]}" "${given[now]}"; }; }

words_of_hold() { if [ -n "${keep[hold]}" ]; then span "${keep[hold]}"; else REPLY='a second run'; fi; }

# --- failing

# Fails where it has to know more first.
treat() {
    # `fairlead retry` removes the marker: it is taken up again.
    if [ -n "${keep[gaveup]}" ] && [ -z "${given[seen.gave-up]+there}" ]; then
        keep[gaveup]='' keep[failures]=0 keep[attempts]=0
    fi
    keep[failures]=$((${keep[failures]:-0} + 1)) keep[well]=''
    # Excused crashes were the fault of what it depends on: they bring it no nearer to being given up.
    [ -z "${given[seen.excused]:-}" ] || crashes=0
    keep[attempts]=$((${keep[attempts]:-0} + crashes)) keep[kind]=${into[kind]}
    choose_remedy || return 1
    prepare_act
    counted "${keep[failures]}" time
    into[note]="${given[name]} failed $REPLY"
    prospect
    open_or_remind "$REPLY"
}

# act: wait, restart, give-up, stop (again, a crash loop that was given up), or why there is none: it would be started on
# other data than it runs on, for one.
# shellcheck disable=SC2154,SC2178
choose_remedy() {
    local act
    if is_absent; then
        act=absent
    elif [ "${into[kind]}" = readiness ] && [ "${given[setting.restarts-unready]:-}" = no ]; then
        act=unwanted
    elif [ -n "${given[seen.cut]:-}" ]; then
        act='cut'
    elif [ -n "${given[seen.unheard]:-}" ]; then
        act=unheard
    elif [ -n "${given[seen.half]:-}" ]; then
        act=half
    elif [ -n "${given[seen.ruled]:-}" ]; then
        act=ruled
    elif [ "${keep[failures]}" -lt "${given[setting.restart-after]}" ]; then
        act='wait'
    elif [ -n "${given[seen.gave-up]+there}" ]; then
        if is_crashing; then act='stop'; else act='given-up'; fi
    elif [ "${keep[attempts]}" -ge "${given[setting.restart-limit]}" ]; then
        act='give-up'
    elif is_crashing; then
        # The engine restarts it already; another restart would only hide the count.
        act='wait'
    else
        case ${given[seen.strays]:-} in
            yes) act=misplaced ;;
            no) act=restart ;;
            *) into[look]=strays; return 1 ;;
        esac
    fi
    into[act]=$act
}

prepare_act() {
    local attempts=$((keep[attempts] + 1)) why action='leaves it alone'
    case ${into[act]} in
        restart)
            into[act.attempts]=$attempts into[act.failures]=0
            into[act.says]="restarted it ($attempts of at most ${given[setting.restart-limit]} times)" ;;
        give-up)
            counted "${keep[attempts]}" time
            why="it was restarted $REPLY without a recovery;"
            why+=" mend and deploy it, or have it restarted with 'fairlead retry'"
            if is_crashing; then into[act.stop]=yes action='stopped it'; fi
            into[act.gaveup]=yes into[act.why]=$why into[act.says]="$action: $why" ;;
    esac
}

prospect() { # REPLY: what Fairlead does, for people
    local limit=${given[setting.restart-limit]}
    case ${into[act]} in
        absent) REPLY="nothing: this job makes no container; Fairlead does, unless the plan's 'drift' is 'report'" ;;
        misplaced)
            REPLY="nothing: it would be started on another data directory than it runs on; see 'fairlead status'" ;;
        cut) REPLY="nothing: this job mends no network; Fairlead does, unless the plan's 'drift' is 'report'" ;;
        half) REPLY="nothing: it serves by its other family, and a restart would end that" ;;
        ruled) REPLY="nothing: a restart changes no rule of the host's firewall" ;;
        unheard)
            REPLY="nothing: what it is healthy for runs; mend it, or write 'unchecked' behind the port in the plan" ;;
        unwanted) REPLY="nothing: the plan has 'restart: false' for it" ;;
        given-up | stop) REPLY="nothing any more: ${given[seen.gave-up]}" ;;
        wait)
            if is_crashing; then
                REPLY="${given[setting.engine]} starts it again; after $limit times without a recovery it is stopped"
            else
                REPLY="restarts it after ${given[setting.restart-after]} failed checks in a row, at most $limit times"
            fi ;;
        *) REPLY="acts now; another mail follows" ;;
    esac
}

open_or_remind() { # ACTION
    local action=$1
    if [ -z "${keep[incident]}" ]; then
        keep[incident]=new keep[since]=${given[now]} keep[known]=yes
        set_hold
        if [ -n "${keep[hold]}" ]; then
            span "${keep[hold]}"
            action+="; that it is well again it tells when it has been so for $REPLY"
        fi
        into[tell]=opened
    elif ! is_recent "${keep[mailed]:-0}" "${given[setting.remind-after]}" "${given[now]}"; then
        into[tell]=reminded
    else
        return 0
    fi
    into[tell.reason]=${into[reason]} into[tell.action]=$action keep[mailed]=${given[now]}
}

# An hour when it fails again within the time of a reminder after its recovery, and twice as long each time after that.
set_hold() {
    local hold=${keep[hold]:-1800} limit=${given[setting.remind-after]}
    keep[hold]=''
    is_recent "${keep[closed]:-0}" "$limit" "${given[now]}" || return 0
    keep[hold]=$((hold * 2 < limit ? hold * 2 : limit))
}
