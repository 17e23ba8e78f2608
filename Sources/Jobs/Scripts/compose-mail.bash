# compose-mail.bash: makes a mail (RFC 5322) of a message that waits. Nothing else of Fairlead writes one.

# compose_mail FROM TO <MESSAGE: prints the mail of it, with line feeds; TO has a space between two addresses. The same
# message gives the same mail, and any bytes in it a valid one. Fails where that cannot be, with a part of it printed.
compose_mail() {
    local line id='' time='' subject=''
    while IFS= read -r line && [ -n "$line" ]; do
        case $line in
            'Id: '*) id=${line#Id: } ;;
            'Time: '*) time=${line#Time: } ;;
            'Subject: '*) subject=${line#Subject: } ;;
        esac
    done
    # Of a damaged file nothing is sent.
    [[ $id =~ ^[!-~]+@[!-~]+$ && $time =~ ^[0-9]{1,11}$ ]] || return 1
    time=$(LC_ALL=C date --utc --date="@$time" '+%a, %d %b %Y %H:%M:%S +0000') || return 1
    printf '%s\n' \
        "Date: $time" \
        "From: $1" \
        "To: ${2// /$',\n '}" \
        "Message-ID: <$id>" \
        "Subject: $(mail_subject "$subject")" \
        'MIME-Version: 1.0' \
        'Content-Type: text/plain; charset=utf-8' \
        'Content-Transfer-Encoding: base64' \
        'Auto-Submitted: auto-generated' \
        '' \
        && encode_body
}

# Base64 carries every byte, dots and lines of any length; text in it has CRLF (RFC 2045 6.8).
encode_body() { # <BODY
    # shellcheck disable=SC1003 # sed's words for a line feed at the end where there is none
    LC_ALL=C sed -e 's/$/\r/' -e '$a\' | base64 --wrap=76
}

# mail_subject TEXT: TEXT as a header line may hold it: nothing in it can end the line.
mail_subject() {
    local text
    text=$(printf '%s' "$1" | iconv -c -f UTF-8 -t UTF-8)
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
    local word='' size=0 index character separator=''
    for ((index = 0; index < ${#1}; index++)); do
        character=${1:index:1}
        count_bytes "$character"
        if ((size + REPLY > 39)); then
            encoded_word "$word" "$separator"
            word='' size=0 separator=$'\n '
        fi
        word+=$character
        size=$((size + REPLY))
    done
    encoded_word "$word" "$separator"
}

# count_bytes TEXT: sets REPLY.
count_bytes() {
    local LC_ALL=C
    REPLY=${#1}
}

encoded_word() { printf '%s=?UTF-8?B?%s?=' "$2" "$(printf '%s' "$1" | base64 --wrap=0)"; } # WORD SEPARATOR
