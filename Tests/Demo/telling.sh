# shellcheck shell=bash
# telling.sh: sourced by story.sh; headings, commands that are shown before they run, and expectations.

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' red='' plain=''; fi
chapters=0

chapter() { # TITLE
    chapters=$((chapters + 1))
    printf '\n%s%d. %s%s\n' "$bold" "$chapters" "$1" "$plain"
}

tell() { printf '   %s\n' "$@"; }

show() { # WORD...: as one would type it; one word alone is a whole line
    local word line=''
    [ $# -gt 1 ] || line=" $1"
    [ $# = 1 ] || for word in "$@"; do
        [[ $word != *[[:space:]\(\|]* ]] || word="\"$word\""
        line+=" $word"
    done
    printf '%s$%s%s\n' "$dim" "$line" "$plain"
}

# Shows and runs a command; what it printed is in $output and its exit status in $status afterwards. Through a file,
# since a pipe would stay open for as long as a service that the command leaves running.
run() { # COMMAND...
    show "$@"
    status=0
    : >"$work/output"
    "$@" >>"$work/output" 2>&1 &
    tail --follow --lines=+1 --sleep-interval=0.1 --pid="$!" "$work/output"
    wait "$!" || status=$?
    output=$(<"$work/output")
}

broken_story() {
    printf '%sthe story does not hold: %s%s\n' "$red" "$1" "$plain" >&2
    exit 1
}

succeeds() { run "$@" && [ "$status" = 0 ] || broken_story "'$*' ended with $status"; }

ends_with() { # STATUS COMMAND...
    local wanted=$1
    shift
    run "$@" && [ "$status" = "$wanted" ] || broken_story "'$*' ended with $status, not with $wanted"
}

mentions() { [[ $output == *"$1"* ]] || broken_story "the last command does not say '$1'"; }
