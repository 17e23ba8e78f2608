# health-incidents.bash: tells people and Fairlead what happened to a container. Part of the health-check job; needs
# common.bash, mail.bash and health-decision.bash.
#
# Each event is one file in the spool, which Fairlead takes into its journal, and one mail. The event comes before the
# state that remembers it: a cut in between tells it twice, never not at all.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

readonly SPOOL=$STATE_DIRECTORY/jobs/incidents
readonly LOG_LINES=20 LOG_BYTES=4096
# U+202A to U+202E and U+2066 to U+2069 let a text look like another one.
readonly REORDERING=$'\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae'\
$'\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9'

# safe_text: valid UTF-8 without anything that a terminal or a mail reader obeys. Lines stay lines.
safe_text() {
    iconv -c --from-code=UTF-8 --to-code=UTF-8 2>/dev/null \
        | sed -e 's/\x1b\[[0-9;?]*[A-Za-z]//g' -e 's/\t/    /g' -e 's/\r$//' -e "s/[[:cntrl:]$REORDERING]/?/g"
}

# one_line: safe text in one line of moderate length.
one_line() {
    local text
    text=$(safe_text | sed -e 's/^ *//' -e '/^$/d' | paste --serial --delimiters='|')
    text=${text//|/ | }
    printf '%s' "${text:0:300}"
}

# log_tail NAME: the last lines that the container wrote. They may hold anything, secrets as well.
log_tail() {
    local text code=0
    text=$(
        within "$TAIL_LIMIT" become_engine logs --tail "$LOG_LINES" "$STACK-$1" 2>&1 \
            | tail --bytes="$LOG_BYTES" | safe_text
        exit "${PIPESTATUS[0]}"
    ) || code=$?
    case $code in
        0) ;;
        124) hangs=yes ;;
        # An engine answers so for a container that keeps no log.
        *) [ "$(log_driver "$1")" != none ] || text='(its log is switched off: "logs": {"driver": "none"} in the plan)' ;;
    esac
    [ -z "$text" ] || printf '%s\n' "$text"
}

log_driver() { # NAME
    within "$TAIL_LIMIT" become_engine inspect --type container --format '{{.HostConfig.LogConfig.Type}}' "$STACK-$1" \
        2>/dev/null
}

# has_log NAME: not when it is missing, another's, or no container at all.
has_log() { case ${status[$1]:-missing} in missing | foreign | unreadable) return 1 ;; esac }

# publish EVENT NAME REASON ACTION: one record and one mail about the incident of NAME.
publish() {
    # Not of an engine that hangs: the next mail would have to wait for it.
    if has_log "$2" && [ "$1" != closed ] && [ -z "$hangs" ]; then log_tail "$2"; fi >"$WORK/tail"
    record "$@"
    # A reminder may be given up when too many mails wait.
    local -a weight=()
    [ "$1" != reminded ] || weight=(minor)
    incident_mail "$@" | queue_mail "$(incident_subject "$@")" "${weight[@]}"
    published=1
}

record() { # EVENT NAME REASON ACTION
    mkdir -p -- "$SPOOL"
    event_text "$@" | write_atomically "$SPOOL/${EPOCHREALTIME//[^0-9]/}-$2-$1" && return 0
    log "cannot record that $2 is $1"
    return 1
}

# The journal closes what it has open of NAME, and mails that, when it is told of the end of an incident that it does not
# know. Where it has nothing open, which is the rule, nothing comes of it. Fails where it could not be told.
disclaim() { # NAME
    : >"$WORK/tail"
    memory[$1,incident]=$(</proc/sys/kernel/random/uuid) memory[$1,since]=$NOW memory[$1,kind]=liveness
    record closed "$1" 'well; what the health check knew of its failure was lost' 'nothing'
}

event_text() { # EVENT NAME REASON ACTION
    printf '%s: %s\n' Incident "${memory[$2,incident]}" Event "$1" Subject "$2" Kind "${memory[$2,kind]}" \
        Time "$NOW" Since "${memory[$2,since]}" Stack "$STACK" Host "$HOST" Version "$VERSION" Commit "$COMMIT" \
        Deployment "$DEPLOYMENT" Reason "$3" Action "$4"
    printf '\n'
    cat -- "$WORK/tail"
}

# Read on a phone: who, what, why.
incident_subject() { # EVENT NAME REASON ACTION
    local subject=$2 state
    [ "$2" != "$ENGINE_SUBJECT" ] || subject=${ENGINE##*/}
    case $1 in
        opened) state=DOWN ;;
        reminded) state='STILL DOWN' ;;
        restarted) state=RESTARTED ;;
        gave-up) state='GIVEN UP' ;;
        closed) state=UP ;;
    esac
    printf '[%s@%s] %s %s: %s' "$STACK" "$HOST" "$subject" "$state" "${3:0:80}"
}

incident_mail() { # EVENT NAME REASON ACTION
    span $((NOW - memory[$2,since]))
    printf '%-10s %s\n' What: "$3" Kind: "${memory[$2,kind]}" \
        Since: "$(moment "${memory[$2,since]}") ($REPLY)" Fairlead: "$4"
    consequences "$2"
    printf '%-10s %s\n' Stack: "$STACK $VERSION on $HOST" Commit: "$COMMIT (deployment $DEPLOYMENT)"
    [ ! -s "$WORK/tail" ] || printf '\nThe last lines of its log:\n\n%s\n' "$(sed 's/^/    /' -- "$WORK/tail")"
}

consequences() { # NAME
    local other
    local -a affected=()
    for other in ${DEPENDENTS[$1]:-}; do
        [ "${decision[$other,verdict]}" != consequence ] || affected+=("$other (${decision[$other,reason]})")
    done
    [ "${#affected[@]}" = 0 ] || printf '%-10s %s\n' 'So fails:' "$(joined ', ' "${affected[@]}")"
}

moment() { date --utc --date="@$1" '+%Y-%m-%d %H:%M UTC'; } # SECONDS

joined() { # SEPARATOR TEXT...
    local text=$2 more
    for more in "${@:3}"; do text+=$1$more; done
    printf '%s' "$text"
}
