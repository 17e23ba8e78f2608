# shellcheck shell=bash
# checks-stories.sh: sourced by tell; what the two checks answer.

# A check fails and says TEXT.
denies() { # NAME ready|live TEXT
    ! checks "$1" "$2" >"$own/answer" 2>&1 || fail "$2, and it should not be"
    grep -F -- "$3" "$own/answer"
}

readiness() {
    has services/web/notification-fd <<<3 644
    has services/web/run <<<$'#!/bin/sh\nuntil [ -e /tmp/go ]; do sleep 0.1; done\necho >&3\nexec sleep 1000000'
    has health/ready.d/10-file <<<$'#!/bin/sh\ntest -e /tmp/serves || { echo "no file"; exit 4; }'
    has 'health/live.d/a check' <<<$'#!/bin/sh\ntest ! -e /tmp/dead'
    starts box
    within 20 denies box ready "service 'web' has not said that it is ready"
    podman exec box touch /tmp/go
    within 20 denies box ready 'no file'
    denies box ready "check 'ready.d/10-file' ended with exit code 4"
    podman exec box touch /tmp/serves
    becomes_ready box
    checks box live
    podman exec box touch /tmp/dead
    denies box live "check 'live.d/a check' ended with exit code 1"
    checks box ready
    podman exec box s6-svc -d /run/fairlead/now/scan/web
    within 20 denies box ready "service 'web' is not running"
    ! podman exec box /fairlead/bin/checks alive || fail 'there is no such check'
}

hanging_check() {
    has_service one
    has health/ready.d/hangs <<<$'#!/bin/sh\ntrap "" TERM\nsleep 2000000'
    starts box --env FAIRLEAD_CHECK_SECONDS=1
    within 20 denies box ready "check 'ready.d/hangs' took longer than 1 s"
    sleep 1
    # shellcheck disable=SC2016 # of the container
    [ "$(podman exec box sh -c 'grep -l "[2]000000" /proc/[0-9]*/cmdline | wc -l')" = 0 ] || fail 'it hangs on'
}

set_up_is_alive() {
    has_service one
    has setup/always.d/10-long <<<$'#!/bin/sh\nuntil [ -e /tmp/go ]; do sleep 0.1; done'
    has health/live.d/fails <<<$'#!/bin/sh\nexit 1'
    starts box
    within 20 denies box ready "set-up script 'always.d/10-long' is running"
    checks box live
    podman exec box touch /tmp/go
    becomes_ready box
    denies box live "check 'live.d/fails' ended with exit code 1"
}
