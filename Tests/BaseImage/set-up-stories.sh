# shellcheck shell=bash
# set-up-stories.sh: sourced by tell; what runs before the services, and what is remembered of it.

# A set-up script that says its name, and then does what the standard input holds.
has_script() { # PATH
    has "$1" < <(printf '#!/bin/sh\necho "ran %s"\n' "$1" && cat)
}

marks() { find "$own/data/.fairlead" -type f -printf '%P\n' 2>/dev/null | sort; }

# How often a line was said by a container, or its former starts.
times() { podman logs "$1" 2>/dev/null | grep -cxF -- "$2" || true; } # NAME LINE

set_up_order() {
    has_data
    has services/one/run <<<$'#!/bin/sh\necho "ran the service"\nexec sleep 1000000'
    has_script 'setup/always.d/20 with spaces' </dev/null
    has_script 'setup/always.d/10-first' </dev/null
    has_script 'setup/once.d/30 with spaces' </dev/null
    has_script 'setup/once.d/05-now' </dev/null
    touch "$own/setup/once.d/.gitkeep"
    starts box
    becomes_ready box
    podman logs box 2>/dev/null | sed 's/^ran //' >"$own/order"
    diff "$own/order" - <<'LINES'
setup/always.d/10-first
setup/always.d/20 with spaces
setup/once.d/05-now
setup/once.d/30 with spaces
the service
LINES
    [ "$(marks)" = $'once/05-now\nonce/30 with spaces' ]
}

once() {
    has_data
    has_service one
    has_script setup/once.d/10-create </dev/null
    has_script setup/always.d/10-each </dev/null
    starts first
    becomes_ready first
    podman restart --time 5 first >/dev/null
    becomes_ready first
    [ "$(times first 'ran setup/once.d/10-create')" = 1 ]
    [ "$(times first 'ran setup/always.d/10-each')" = 2 ]
    podman rm --force --time 0 first >/dev/null
    has_script setup/once.d/20-migrate </dev/null
    starts second --read-only
    becomes_ready second
    [ "$(times second 'ran setup/once.d/10-create')" = 0 ]
    [ "$(times second 'ran setup/once.d/20-migrate')" = 1 ]
    podman rm --force --time 0 second >/dev/null
    # All done: a volume that cannot be written is none of its business.
    data_mode=:ro starts third --read-only
    becomes_ready third
}

once_failing() {
    has_data
    has_service one
    has_script setup/once.d/10-good </dev/null
    has_script setup/once.d/20-bad <<<'exit 3'
    has_script setup/once.d/30-never </dev/null
    runs 3 bad | tee "$own/said"
    grep -F "set-up script 'once.d/20-bad' ended with exit code 3; the container ends with it" "$own/said"
    ! grep -F 30-never "$own/said" || fail 'it went on'
    [ "$(marks)" = once/10-good ]
    has_script setup/once.d/20-bad </dev/null
    starts good
    becomes_ready good
    [ "$(times good 'ran setup/once.d/10-good')" = 0 ]
    [ "$(marks)" = $'once/10-good\nonce/20-bad\nonce/30-never' ]
    # The disk is full: what has run is told, and runs again.
    rm -rf "$own/data"
    has_data
    mount -t tmpfs -o size=64k,uid=500,gid=500 tmpfs "$own/data"
    has_script setup/once.d/10-good <<<'cat /dev/zero >/data/fill 2>/dev/null; exit 0'
    runs 74 full | grep -F "set-up script 'once.d/10-good' ended well, but '/data/.fairlead/once/10-good' cannot be written"
    umount "$own/data"
    # A signal, and a failure of what runs each time.
    has_script setup/always.d/10-dies <<<$'kill -9 $$'
    runs 137 dies
}

stopped_set_up() {
    local how
    has_data
    has_service one
    # A child that would like to end in order.
    has_script setup/once.d/10-long <<'SCRIPT'
sh -c 'trap "echo child ended in order >>/data/said; exit" TERM; while :; do sleep 0.1; done' &
echo begun >>/data/said
wait
SCRIPT
    for how in '' --init; do
        rm -f "$own/data/said"
        starts "box$how" ${how:+"$how"}
        within 20 grep -qx begun "$own/data/said"
        stops 143 "box$how"
        grep -x 'child ended in order' "$own/data/said"
        says "box$how" "stopped while set-up script 'once.d/10-long' ran"
        [ -z "$(marks)" ]
    done
    figure "stopped in $took"
    # Killed: the same, without its doing.
    rm -f "$own/data/said"
    starts killed
    within 20 grep -qx begun "$own/data/said"
    podman kill killed >/dev/null
    [ -z "$(marks)" ]
}

stopped_anywhere() {
    local pause code
    has_data
    has_service one
    has_service two
    has setup/always.d/10 <<<$'#!/bin/sh\nsleep 0.1'
    has setup/once.d/10 <<<$'#!/bin/sh\nsleep 0.1'
    for pause in 0 0.02 0.05 0.1 0.15 0.2 0.25 0.3 0.4 0.6; do
        starts box --init
        sleep "$pause"
        podman stop --time 10 box >/dev/null
        code=$(podman inspect --format '{{.State.ExitCode}}' box)
        case $code in 0 | 143) ;; *) fail "after $pause s it ended with $code" ;; esac
        podman rm --force --time 0 box >/dev/null
        [ "$(marks)" = once/10 ] || [ -z "$(marks)" ]
        rm -rf "$own/data/.fairlead"
    done
}

no_state() {
    has_service one
    has_script setup/once.d/10-create </dev/null
    refuses no-volume "is no volume: the marks of set-up scripts that run once would go with this container; mount a data directory of 500:500 at '/data'"
    refuses read-only "user 500 cannot write '/data/.fairlead/once'" --read-only
    refuses other-user "user 4711 cannot write '/data/.fairlead/once'" --user 4711:4711
    has_data
    data_mode=:ro refuses read-only-volume '"target": "/data", "owner": "500:500"'
    chown 0:0 "$own/data"
    refuses foreign-volume "user 500 cannot write '/data/.fairlead/once', where"
    refuses relative "FAIRLEAD_STATE is 'state', and no absolute path" --env FAIRLEAD_STATE=state
    chown 500:500 "$own/data"
    mkdir "$own/elsewhere"
    chown 500:500 "$own/elsewhere"
    starts elsewhere --env FAIRLEAD_STATE=/elsewhere/a/b --volume "$own/elsewhere:/elsewhere"
    becomes_ready elsewhere
    [ -e "$own/elsewhere/a/b/once/10-create" ]
    [ -z "$(marks)" ]
    # An empty one is none.
    starts default --env FAIRLEAD_STATE=
    becomes_ready default
    [ "$(marks)" = once/10-create ]
}

refuses() { # NAME TEXT OPTION...
    runs 78 "$1" "${@:3}" | tee "$own/said"
    grep -F -- "$2" "$own/said"
    ! grep -F 'ran setup' "$own/said" || fail 'a script ran'
}
