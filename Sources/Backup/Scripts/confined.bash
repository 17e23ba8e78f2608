#!/usr/bin/env bash
# confined.bash: stands before copy.bash and unpack.bash. CONFINER, the program of Fairlead, takes from a program what it does
# not need; empty: it runs as it is.
set -euo pipefail

# shellcheck disable=SC2154 # whoever stands below says who 'confiner' is
confined() { # RULE… -- NAME ARGUMENT…
    local rules=() program
    while [ "$1" != -- ]; do
        rules+=("$1")
        shift
    done
    program=$(type -P "$2") || program=$2
    if [ -n "$confiner" ]; then
        "$confiner" internal-confine "${rules[@]}" -- "$program" "${@:3}"
    else
        "${@:2}"
    fi
}
