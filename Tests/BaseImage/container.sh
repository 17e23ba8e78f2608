# shellcheck shell=bash
# container.sh: sourced by tell; how a story makes an image's parts in $own, runs them, and looks at what happens.
# The parts are mounted where an image has them: to build an image for each story would take most of the time.

build() { # TAG CONTEXT OPTION...
    podman build --quiet --network none --volume "$base.apt:/mirror:ro" --tag "$1" "${@:3}" "$2"
}

# A part of the image of this story, from the standard input, with the mode that a program has.
has() { # PATH [MODE]
    mkdir -p "$(dirname "$own/$1")"
    cat >"$own/$1"
    chmod "${2:-755}" "$own/$1"
}

# A service that runs until it is stopped.
has_service() { has "services/$1/run" <<<$'#!/bin/sh\nexec sleep 1000000'; } # NAME

# A data directory of user 500, as a plan makes it.
has_data() {
    mkdir -p "$own/data"
    chown 500:500 "$own/data"
}

# What Fairlead at its strictest starts containers with, and the parts of this story.
container_options() {
    options=(--cap-drop ALL --security-opt no-new-privileges --network none)
    for part in setup services health backup; do
        [ ! -d "$own/$part" ] || options+=(--volume "$own/$part:/fairlead/$part")
    done
    [ ! -d "$own/data" ] || options+=(--volume "$own/data:/data${data_mode:-}")
}

starts() { # NAME [OPTION... [-- COMMAND...]]
    local name=$1 more=() options
    shift
    while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
        more+=("$1")
        shift
    done
    [ "$#" = 0 ] || shift
    container_options
    podman run --detach --name "$name" "${options[@]}" "${more[@]}" localhost/fairlead-base "$@" >/dev/null
}

# Runs one to its own end, and prints what it said.
runs() { # CODE NAME [OPTION... [-- COMMAND...]]
    local code=$1 ended
    shift
    starts "$@"
    ended=$(timeout 120 podman wait "$1")
    podman logs "$1" 2>&1
    [ "$ended" = "$code" ] || fail "it ended with $ended and not with $code"
}

checks() { podman exec "$1" /fairlead/bin/checks "$2"; } # NAME ready|live

within() { # SECONDS COMMAND...
    local end=$(($(now) + $1 * 1000000))
    shift
    until "$@"; do
        [ "$(now)" -lt "$end" ] || fail "not in time: $*"
        sleep 0.05
    done
}

is_ready() { checks "$1" ready >/dev/null; }
becomes_ready() { within 30 is_ready "$1"; } # NAME

says() { podman logs "$1" 2>&1 | grep -F -- "$2"; } # NAME TEXT

# Stops it as the engine does, and looks how it ended.
stops() { # CODE NAME
    local began
    began=$(now)
    podman stop --time 10 "$2" >/dev/null
    took=$(since "$began")
    [ "$(podman inspect --format '{{.State.ExitCode}}' "$2")" = "$1" ] || fail "it ended with another code than $1"
    [ $(($(now) - began)) -lt 8000000 ] || fail "the stop took $took"
}

# The processes of a container, as this machine numbers them.
processes() { # NAME
    local first namespace process
    first=$(podman inspect --format '{{.State.Pid}}' "$1")
    namespace=$(readlink "/proc/$first/ns/pid")
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/ns/pid" 2>/dev/null)" != "$namespace" ] || echo "${process#/proc/}"
    done
}
