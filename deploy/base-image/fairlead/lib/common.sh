# shellcheck shell=sh
# common.sh: what the scripts of the base image share; sourced.

say() { printf 'fairlead: %s\n' "$*" >&2; }

# Ends with 78, "configuration error": trying again cannot help, somebody has to change the image or its plan.
refuse() {
    say "$@"
    exit 78
}

# The names that images of this kind go by; empty where nobody said them. What the image or the plan set stays.
export_names() {
    set -- "${FAIRLEAD_IMAGE:-}"
    set -- "${1%%@*}" ''
    case ${1##*/} in *:*) set -- "${1%:*}" "${1##*:}" ;; esac
    export IMAGE_NAME="${IMAGE_NAME:-$1}" IMAGE_VERSION="${IMAGE_VERSION:-$2}"
    export APP_NAME="${APP_NAME:-${FAIRLEAD_APP:-}}" APP_VERSION="${APP_VERSION:-${FAIRLEAD_APP_VERSION:-}}"
}

# A variable of these scripts may be called as one of the plan: what they start gets the plan's.
export_names
environment=$(export -p)
become() { # COMMAND...
    eval "$environment"
    exec "$@"
}

# shellcheck disable=SC2034 # of those that source it
home=/fairlead

# Sets 'places', where the state of a run may be, the best first. Containers of a pod share /dev/shm.
list_places() {
    namespace=$(readlink /proc/self/ns/pid)
    namespace=${namespace#*[}
    places="/run/fairlead /tmp/fairlead /dev/shm/fairlead-${namespace%]}"
}

# Sets 'state' to the directory of this run; fails where there is none. What another user left is not it.
find_state() {
    list_places
    for place in $places; do
        state=$place/now
        if [ -d "$state" ] && [ -w "$state" ]; then return 0; fi
    done
    return 1
}

# Sets 'most' and 'seconds': that many restarts in that time, in 0 seconds as long as the container runs. Fails where the
# file holds anything else.
read_restarts() { # FOLDER
    most=5 seconds=60
    [ -e "$1/restarts" ] || return 0
    most='' seconds='' rest=''
    read -r most seconds rest <"$1/restarts" || [ -n "$seconds" ] || return 1
    [ -z "$rest" ] || return 1
    for number in "$most" "$seconds"; do
        case $number in '' | *[!0-9]* | ???????*) return 1 ;; esac
    done
}
