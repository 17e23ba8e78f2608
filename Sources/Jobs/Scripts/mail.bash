# mail.bash: how a job mails, also when nothing else of Fairlead is there. It follows common.bash.
#
# A mail is composed, put into the queue durably, and sent by another process: no server delays a job, none loses a mail.

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
    body=$(encode_body)
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
    file=$MAIL/queue/$id${3:+.minor}.eml
    if mkdir -p -- "$MAIL/queue" && mail_make_room \
        && compose_mail "$id" "$2" | write_atomically "$file" && sync -- "$MAIL/queue"; then
        return 0
    fi
    log "cannot queue the mail '$2'"
    return 1
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
    local waiting=() minor=()
    shopt -s nullglob
    waiting=("$MAIL"/queue/*.eml) minor=("$MAIL"/queue/*.minor.eml)
    shopt -u nullglob
    [ "${#waiting[@]}" -ge "$MAIL_QUEUE_LIMIT" ] || return 0
    if [ "${#minor[@]}" -gt 0 ]; then
        log "$MAIL_QUEUE_LIMIT mails wait: the oldest minor one is given up"
        rm -f -- "${minor[0]}"
    else
        [ "${#waiting[@]}" -lt "$MAIL_QUEUE_HARD_LIMIT" ]
    fi
}

# compose_mail ID SUBJECT: prints the message with the encoded `body`; the form is that of MailMessage.swift.
compose_mail() {
    local from to
    from=$(mail_setting from)
    to=$(mail_setting to)
    printf '%s\n' \
        "Date: $(LC_ALL=C date --utc '+%a, %d %b %Y %H:%M:%S +0000')" \
        "From: $from" \
        "To: ${to// /$',\n '}" \
        "Message-ID: <$1@${from##*@}>" \
        "Subject: $(mail_subject "$2")" \
        'MIME-Version: 1.0' \
        'Content-Type: text/plain; charset=utf-8' \
        'Content-Transfer-Encoding: base64' \
        'Auto-Submitted: auto-generated' \
        ''
    [ "$body" = '' ] || printf '%s\n' "$body"
}

encode_body() { # <BODY
    # Base64 carries every byte, dots and lines of any length; text in it has CRLF. What is too long is read to its end,
    # so that whoever writes it is not ended by a broken pipe.
    # shellcheck disable=SC1003 # sed's words for a line feed at the end where there is none
    { head --bytes="$MAIL_BODY_LIMIT"; cat >/dev/null; } | LC_ALL=C sed -e 's/$/\r/' -e '$a\' | base64 --wrap=76
}

# mail_subject TEXT: TEXT as a header line may hold it: nothing in it can end the line.
mail_subject() {
    local text
    text=$(printf '%s' "$1" | tr '\n' ' ' | iconv -c -f UTF-8 -t UTF-8)
    text=${text//[[:cntrl:]]/ }
    text=${text:0:250}
    shopt -s extglob
    text=${text##+( )}
    text=${text%%+( )}
    if [[ ${#text} -le 66 && $text != *=\?* && $text != *[^\ -~]* ]]; then
        printf '%s' "$text"
    else
        encoded_words "$text"
    fi
}

# RFC 2047: no word of more than 75 characters, none with a part of a character.
encoded_words() { # TEXT
    local word='' size=0 index character bytes separator=''
    for ((index = 0; index < ${#1}; index++)); do
        character=${1:index:1}
        bytes=$(LC_ALL=C; printf '%s' "${#character}")
        if ((size + bytes > 39)); then
            encoded_word "$word" "$separator"
            word='' size=0 separator=$'\n '
        fi
        word+=$character
        size=$((size + bytes))
    done
    encoded_word "$word" "$separator"
}

encoded_word() { printf '%s=?UTF-8?B?%s?=' "$2" "$(printf '%s' "$1" | base64 --wrap=0)"; } # WORD SEPARATOR
