# send-mail.bash: sends what waits in the mail queue, oldest first. It follows mail.bash and compose-mail.bash.
#
# A message is removed when the server has taken it for every recipient. What the server refuses for good is set aside, so
# that it does not block what follows; whatever else goes wrong leaves everything where it is, for the next run.

# Attempts in a row that do not reach the server. More than one: a single message may be what does not pass.
readonly SEND_FAILURES=3
readonly REFUSED_KEPT=1000

send_queue() {
    local file mails found=1
    declare -A tried=()
    while [ "$found" = 1 ]; do
        # Again until nothing new has come: who queued it meanwhile relies on us.
        found=0
        mails_in "$MAIL/queue"
        for file in "${mails[@]}"; do
            # Somebody may have removed it meanwhile.
            [ -f "$file" ] || continue
            [ "${tried[$file]:-}" = '' ] || continue
            tried[$file]=1 found=1
            send_message "$file"
            [ "$outcome" != configuration ] && [ "$failures" -lt "$SEND_FAILURES" ] || return 0
        done
    done
}

# What a power cut left behind: progress of messages that are gone, and files that were never complete.
clean_queue() {
    local file
    for file in "$MAIL"/queue/*.progress "$MAIL"/failed/*.progress; do
        [ -f "${file%.progress}" ] || rm -f -- "$file"
    done
    find "$MAIL/queue" -maxdepth 1 -type f -name '.*' -mmin +60 -delete
}

# Each recipient for itself: one that does not exist keeps no mail from the others.
send_message() { # FILE
    local recipient recipients mail complete=1 is_refused=0
    mail=$(mail_of "$1" && echo .) || { note_damage "$1" && return; }
    # Without the line feed at its end, which a here-string adds.
    mail=${mail%$'\n.'}
    read -ra recipients < <(mail_setting to)
    for recipient in "${recipients[@]}"; do
        is_settled "$1" "$recipient" && continue
        send_to "$1" "$recipient" || complete=0
        case $outcome in unreachable | configuration) break ;; esac
    done
    [ "$complete" = 0 ] || settle "$1" "$is_refused"
}

# The mail as the server gets it, by the settings of now; what an older version queued is one already.
mail_of() { # FILE
    case $1 in
        *.eml) cat -- "$1" ;;
        *) compose_mail "$(mail_setting from)" "$(mail_setting to)" <"$1" ;;
    esac
}

# It stays where it is, and nothing waits for it.
note_damage() { # FILE
    outcome=later problem="no mail can be made of '${1##*/}'"
    log "$problem"
}

# Whether RECIPIENT has got FILE, or was refused.
is_settled() { # FILE RECIPIENT
    local line
    [ -f "$1.progress" ] || return 1
    while read -r line; do
        case $line in "sent $2" | "refused $2: "*) return 0 ;; esac
    done <"$1.progress"
    return 1
}

# Sends `mail`. Succeeds when the outcome for RECIPIENT is known; sets `outcome`, `problem` where there is one, and
# `is_refused`.
send_to() { # FILE RECIPIENT
    local answer status=0 name=${1##*/}
    answer=$(LC_ALL=C timeout --foreground --kill-after=5 "$(mail_setting deadline)" \
        msmtp --file="$MAIL/msmtprc" --account=fairlead --from="$(mail_setting from)" -- "$2" \
        <<<"$mail" 2>&1 >/dev/null 8>&-) || status=$?
    answer=$(readable_answer "$status" "$answer")
    outcome=$(outcome_of "$status" "$answer")
    [ "$outcome" = sent ] || problem=$answer
    [ "$outcome" = unreachable ] && failures=$((failures + 1)) || failures=0
    case $outcome in
        sent)
            count_sent=$((count_sent + 1))
            log "sent $name to $2"
            note_progress "$1" "sent $2"
            ;;
        refused)
            is_refused=1
            log "refused $name to $2: $answer"
            note_progress "$1" "refused $2: $answer"
            ;;
        *)
            log "$name to $2 waits: $answer"
            return 1
            ;;
    esac
}

# One line without the password, which a careless server may repeat, and without what is the same in every answer.
readable_answer() { # STATUS ANSWER
    local password answer=$2
    password=$(sed -n 's/^password "\(.*\)"$/\1/p' -- "$MAIL/msmtprc")
    [ "$password" = '' ] || answer=${answer//"$password"/[secret]}
    case $1 in 124 | 137) answer+=$'\n'"no end within $(mail_setting deadline) s" ;; esac
    answer=$(sed -e 's/^msmtp: //; s/ *$//' -e '/^could not send mail/d' <<<"$answer" | paste --serial --delimiters='|')
    answer=${answer//|/; }
    answer=${answer//[[:cntrl:]]/ }
    printf '%s' "${answer:0:500}"
}

# sent; refused: this mail, by the server, for good; later: this mail, for now; unreachable: any mail, for now;
# configuration: any mail, until somebody changes something. As in MailAnswer.swift.
outcome_of() { # STATUS ANSWER
    [ "$1" != 0 ] || { echo sent && return; }
    case $2 in
        *'server message: 530'* | *'server message: 535'* | *'server message: 538'*) echo configuration ;;
        'recipient address '*'server message: 5'* | 'the server did not accept the mail'*'server message: 5'*) echo refused ;;
        'recipient address '*'server message: 4'* | 'the server did not accept the mail'*'server message: 4'*) echo later ;;
        'authentication failed'*'server message: 4'* | 'envelope from '*'server message: 4'*) echo unreachable ;;
        'authentication '* | 'cannot use a secure authentication'* | 'cannot find a usable authentication'*) echo configuration ;;
        'envelope from address '* | 'TLS certificate verification'* | 'the server does not support'*) echo configuration ;;
        *) case $1 in 64 | 77 | 78 | 126 | 127) echo configuration ;; *) echo unreachable ;; esac ;;
    esac
}

# On a full disk the mail counts as settled all the same: it must not be sent every five minutes.
note_progress() { # FILE LINE
    if printf '%s\n' "$2" >>"$1.progress" && sync -- "$1.progress"; then return 0; fi
    log "cannot write '$1.progress'"
}

# The outcome is known for every recipient.
settle() { # FILE REFUSED
    if [ "$2" = 1 ] || grep --quiet '^refused ' -- "$1.progress" 2>/dev/null; then
        count_refused=$((count_refused + 1))
        mkdir -p -- "$MAIL/failed"
        # The message first: progress without a message is removed, a message without progress would be sent again.
        mv -fT -- "$1" "$MAIL/failed/${1##*/}" && mv -fT -- "$1.progress" "$MAIL/failed/${1##*/}.progress"
        sync -- "$MAIL/failed"
        forget_refused
    else
        rm -f -- "$1" "$1.progress"
    fi
    sync -- "$MAIL/queue"
}

forget_refused() {
    local mails
    mails_in "$MAIL/failed"
    [ "${#mails[@]}" -le "$REFUSED_KEPT" ] || rm -f -- "${mails[0]}" "${mails[0]}.progress"
}

waiting_mails() {
    local mails
    mails_in "$MAIL/queue"
    echo "${#mails[@]}"
}

# For `fairlead mail queue`.
record_attempt() { # OUTCOME PROBLEM
    printf 'time=%s\noutcome=%s\nerror=%s\n' "$(date +%s)" "$1" "$2" | write_atomically "$MAIL/status"
}

conclude() {
    local waiting summary
    waiting=$(waiting_mails)
    summary="$count_sent sent, $count_refused refused, $waiting waiting"
    case $outcome in
        '') record_result 0 'nothing to send' && exit 0 ;;
        configuration) record_attempt configuration "$problem" && finish 1 "$summary: $problem" ;;
    esac
    if [ "$waiting" = 0 ]; then
        record_attempt sent '' && finish 0 "$summary"
    else
        record_attempt unreachable "$problem" && finish 1 "$summary: $problem"
    fi
}

job_begin "${MAIL_JOB:-send-mail}" 3000 mail
mail_configured || { record_result 0 'no mail is configured' && exit 0; }
mkdir -p -- "$MAIL/queue" || finish 1 "cannot make '$MAIL/queue'"
# One sender at a time: two would send a message twice. The other one sends what is new, too, unless it has just looked for the last
# time, and is about to end.
exec 8>>"$MAIL/lock" || finish 1 "cannot open '$MAIL/lock'"
flock --wait 5 8 || exit 0
outcome='' problem='' failures=0 count_sent=0 count_refused=0
clean_queue
send_queue
conclude
