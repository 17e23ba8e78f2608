# mail.bash: how a job mails, also when nothing else of Fairlead is there. It follows common.bash.
#
# What is to be said is put into the queue durably, and another process makes a mail of it and sends that: no server
# delays a job, none loses a mail.

# Where mail lies: that of the deployed plan, unless the settings at the top say otherwise. Functions set it for their own.
MAIL=${MAIL_DIRECTORY:-$STATE_DIRECTORY/mail}
# That of the host's owner, which no commit changes.
readonly OWNER_MAIL=$STATE_DIRECTORY/owner-mail
# As in MailQueue.swift.
readonly MAIL_QUEUE_LIMIT=1000 MAIL_QUEUE_HARD_LIMIT=10000 MAIL_BODY_LIMIT=$((1 << 20))

# mail_configured: whether anybody is written to.
mail_configured() { [ -f "$MAIL/settings" ]; }

# mail_setting KEY: prints the value of KEY.
mail_setting() { sed -n "s/^$1=//p" -- "$MAIL/settings"; }

# queue_mail SUBJECT [minor] <BODY: queues a mail to the plan's recipients and one to the host's owner; does nothing where no
# mail is configured. Any bytes are a good subject and a good body. A minor mail, such as a reminder, is given up when a
# thousand wait.
queue_mail() {
    local body result=0
    # In base64, since a variable holds no zero byte. What is too long is read to its end, so that whoever writes it is
    # not ended by a broken pipe.
    body=$({ head --bytes="$MAIL_BODY_LIMIT"; cat >/dev/null; } | base64 --wrap=0)
    queue_mail_in "$OWNER_MAIL" "$@" || result=1
    queue_mail_in "$STATE_DIRECTORY/mail" "$@" || result=1
    return "$result"
}

# The encoded body is in `body`.
queue_mail_in() { # DIRECTORY SUBJECT [minor]
    local MAIL=$1 id file
    mail_configured || return 0
    # Sixteen digits of microseconds sort by time.
    printf -v id '%s-%08x' "${EPOCHREALTIME//[!0-9]/}" "$SRANDOM"
    file=$MAIL/queue/$id${3:+.minor}.message
    if mkdir -p -- "$MAIL/queue" && mail_make_room \
        && message_text "$id" "$2" | write_atomically "$file" && sync -- "$MAIL/queue"; then
        return 0
    fi
    log "cannot queue the mail '$2'"
    return 1
}

# What a message says, whoever it goes to; the form is that of MailMessage.swift.
message_text() { # ID SUBJECT
    local from
    from=$(mail_setting from)
    # The sender's domain of now: the Message-ID stays when the settings change between two attempts.
    printf 'Id: %s\nTime: %s\nSubject: ' "$1@${from##*@}" "${1%??????-*}"
    # Byte by byte: a subject need not be UTF-8.
    printf '%s' "$2" | tr '\n' ' ' && printf '\n\n' && base64 --decode <<<"$body"
}

# mails_in DIRECTORY: sets `mails` to what lies there, the oldest first: messages, and the complete mails (.eml) that an
# older version queued.
mails_in() {
    local file
    mails=()
    # One pattern, which the shell sorts.
    for file in "$1"/*.*; do
        case $file in *.message | *.eml) mails+=("$file") ;; esac
    done
}

# start_sending: sends what is queued, in a session of its own; the job goes on at once.
start_sending() {
    start_sending_in "$OWNER_MAIL"
    start_sending_in "$STATE_DIRECTORY/mail"
}

start_sending_in() { # DIRECTORY
    local MAIL=$1
    mail_configured && [ -r "$MAIL/send-mail" ] || return 0
    (
        close_inherited_files
        exec setsid --fork /bin/bash "$MAIL/send-mail" </dev/null >/dev/null 2>&1
    )
}

# The job's lock above all: a sender that waits for a dead server would keep it.
close_inherited_files() {
    local descriptor
    for descriptor in /proc/self/fd/*; do
        descriptor=${descriptor##*/}
        [ "$descriptor" -le 2 ] || exec {descriptor}>&-
    done
}

mail_make_room() {
    local mails file
    mails_in "$MAIL/queue"
    [ "${#mails[@]}" -ge "$MAIL_QUEUE_LIMIT" ] || return 0
    for file in "${mails[@]}"; do
        case $file in
            *.minor.*)
                log "$MAIL_QUEUE_LIMIT mails wait: the oldest minor one is given up"
                rm -f -- "$file"
                return
                ;;
        esac
    done
    [ "${#mails[@]}" -lt "$MAIL_QUEUE_HARD_LIMIT" ]
}
