# shellcheck shell=sh
# verify.sh: says what is wrong with an image before anything of it has run; sourced by init after common.sh.
# shellcheck disable=SC2154 # 'home' is of common.sh

carriage_return=$(printf '\r')
newline='
'

verify_image() {
    verify_rights
    for folder in setup/always.d setup/once.d health/ready.d health/live.d; do verify_folder "$home/$folder"; done
    for program in "$home/backup/dump" "$home/backup/load"; do
        if [ -e "$program" ] || [ -L "$program" ]; then verify_program "$program"; fi
    done
    verify_services
}

# What runs as this user shall not be able to change what runs the next time.
verify_rights() {
    [ "$(id -u)" != 0 ] || return 0
    open=$(find "$home" ! -type l -writable -print -quit 2>/dev/null)
    [ -z "$open" ] || refuse "'$open' can be changed by user $(id -u), who runs here; copy it without '--chown', with mode 0755"
}

verify_readable() { # FOLDER
    { [ -r "$1" ] && [ -x "$1" ]; } || refuse "user $(id -u) cannot read the folder '$1'; give it mode 0755 in the image"
}

verify_folder() { # FOLDER
    [ -e "$1" ] || [ -L "$1" ] || return 0
    verify_readable "$1"
    for program in "$1"/*; do
        if [ -e "$program" ] || [ -L "$program" ]; then verify_program "$program"; fi
    done
}

# Each of these otherwise ends as "not found", or as a script that was left out without a word.
verify_program() { # FILE
    [ -f "$1" ] || refuse "'$1' is no file; only programs belong there"
    { [ -r "$1" ] && [ -x "$1" ]; } || refuse "user $(id -u) cannot run '$1'; give it mode 0755 in the image"
    first=$(head -c 256 "$1")
    first=${first%%"$newline"*}
    case $first in
        '#!'*"$carriage_return"*) refuse "'$1' has Windows line ends (CRLF); save it with LF" ;;
        '#!'*) verify_interpreter "$1" "${first#'#!'}" ;;
    esac
}

verify_interpreter() { # FILE LINE
    interpreter=${2#"${2%%[! 	]*}"}
    interpreter=${interpreter%%[ 	]*}
    [ -x "$interpreter" ] || refuse "'$1' names the interpreter '$interpreter', which is not in this image"
}

verify_services() {
    count=0
    if [ -e "$home/services" ]; then
        verify_readable "$home/services"
        for folder in "$home"/services/*; do
            if [ -e "$folder" ] || [ -L "$folder" ]; then verify_service "$folder"; fi
        done
    fi
    [ "$count" != 0 ] || refuse "this image has no service; add '$home/services/NAME/run', or name a command"
    # s6-svscan leaves out what is more than it can hold.
    [ "$count" -le 200 ] || refuse "this image has $count services; 200 are the most"
}

verify_service() { # FOLDER
    name=${1##*/}
    case $name in
        *[!A-Za-z0-9._-]* | -*) refuse "'$1': name a service with letters, digits, '.', '_' and '-'" ;;
    esac
    [ -d "$1" ] || refuse "'$1' is no folder; a service is '$home/services/NAME/run'"
    verify_readable "$1"
    if [ ! -e "$1/run" ] && [ -e "$1/up" ]; then
        refuse "service '$name' is a oneshot of s6-rc; make '$1/up' a program in '$home/setup/always.d' or 'once.d'"
    fi
    verify_parts "$1" "service '$name'"
    if [ -e "$1/log" ]; then
        verify_readable "$1/log"
        verify_parts "$1/log" "the log of service '$name'"
    fi
    count=$((count + 1))
}

verify_parts() { # FOLDER WHAT
    [ -e "$1/run" ] || [ -L "$1/run" ] || refuse "$2 has no '$1/run'"
    verify_program "$1/run"
    if [ -e "$1/finish" ] || [ -L "$1/finish" ]; then verify_program "$1/finish"; fi
    [ ! -e "$1/down" ] || refuse "$2 has a file 'down'; leave out what shall not start"
    [ ! -e "$1/restarts" ] || read_restarts "$1" || refuse "'$1/restarts' is not two numbers, as '5 60' for 5 restarts in 60 s"
}
