# shellcheck shell=bash
# services-stories.sh: sourced by tell; what happens when a service ends.

# A service that says that it starts, and then does what the standard input holds.
has_talking_service() { # NAME
    has "services/$1/run" < <(printf '#!/bin/sh\necho "start of %s"\n' "$1" && cat)
}

starts_of() { podman logs "$1" 2>/dev/null | grep -cxF "start of $2" || true; } # NAME SERVICE

killed_service() {
    local began
    has_talking_service web <<<'exec sleep 1000000'
    has_service other
    starts box
    becomes_ready box
    began=$(now)
    podman exec box sh -c 'kill -9 $(cat /run/fairlead/now/scan/web/pid)'
    within 20 has_started_twice
    becomes_ready box
    figure "up again after $(since "$began"), with the commands that kill and ask"
    says box "service 'web' ended by signal 9 and starts again in 0 s (restart 1, 5 in 60 s are the most)"
    stops 0 box
    [ "$(podman logs box 2>&1 | grep -c 'starts again')" = 1 ] || fail 'a stop counted as a death'
}

has_started_twice() { [ "$(starts_of box web)" = 2 ]; }

dying_service() {
    local began
    has_service other
    has_talking_service web <<<'exit 7'
    began=$(now)
    starts box --init
    # It is not ready while it waits.
    within 20 says box 'starts again in 2 s'
    ! checks box ready >"$own/answer" || fail 'ready, though a service dies'
    grep -x "service 'web' has ended and waits to start again" "$own/answer"
    checks box live
    [ "$(timeout 60 podman wait box)" = 7 ]
    figure "given up after $(since "$began")"
    [ "$(starts_of box web)" = 6 ]
    says box "service 'web' ended with exit code 7, after 5 restarts in 60 s, and is given up; the container ends with it"
}

dying_once() {
    has_service other
    has services/web/restarts <<<'0 0' 644
    has_talking_service web <<<'exit 0'
    runs 0 zero | grep -F "ended with exit code 0 (a service has to stay in the foreground), after 0 restarts, and is given up"
    has_talking_service web <<<$'kill -11 $$'
    runs 139 signal | grep -F 'ended by signal 11, after 0 restarts, and is given up'
    has_talking_service web <<<'exit 78'
    runs 78 code
    # Without an end of line.
    printf '1 0' >"$own/services/web/restarts"
    runs 78 twice | grep -F 'after 1 restarts, and is given up'
}

# As the supervisor calls it; each pause would make it a day.
thousand_restarts() {
    has_service other
    has services/web/restarts <<<'100000 60' 644
    has_service web
    starts box
    becomes_ready box
    podman exec box sh -c '
        cd /run/fairlead/now/scan/web
        for i in $(seq 1000); do ../../../../../fairlead/lib/service/finish 1 0 web 2>>/tmp/said || exit 1; done
        wc -c <deaths
        ls -A
        tail -n 1 /tmp/said' | tee "$own/said"
    [ "$(podman exec box sh -c 'find /run/fairlead/now -type f | wc -l')" -lt 30 ]
    grep -F 'starts again in 30 s' "$own/said"
    [ "$(head -n 1 "$own/said")" -lt 20000 ] || fail 'the memory of deaths grows'
    podman exec box sh -c '
        cd /run/fairlead/now/scan/web
        echo "1 2 3 x" >deaths
        /fairlead/lib/service/finish 1 0 web' || true
    stops 0 box
}

forking_service() {
    # Its child holds what the next start needs.
    has services/web/restarts <<<'2 60' 644
    has_talking_service web <<'SCRIPT'
exec 9>/tmp/lock
flock -n 9 || { echo 'still held' && exit 1; }
sleep 1000000 &
sleep 0.3
exit 4
SCRIPT
    runs 4 child | tee "$own/said"
    ! grep -F 'still held' "$own/said" || fail 'the child of the dead run lived on'
    # It leaves its group as daemons do.
    has_talking_service web <<<$'setsid sleep 1000000 &\nexit 0'
    runs 0 daemon | grep -F 'a service has to stay in the foreground'
}

optional_service() {
    has_talking_service side <<<'exit 5'
    has services/side/restarts <<<'1 60' 644
    has services/side/optional </dev/null 644
    has_talking_service web <<<'exec sleep 1000000'
    starts box
    within 20 says box "service 'side' ended with exit code 5, after 1 restarts in 60 s, and is given up; the others run on, since it is optional"
    ! checks box live >"$own/answer" || fail 'alive, though a service is given up'
    grep -F "service 'side' ended with exit code 5" "$own/answer"
    checks box ready
    sleep 2
    [ "$(starts_of box side)" = 2 ]
    [ "$(starts_of box web)" = 1 ]
    stops 0 box
}

service_log() {
    has services/web/run <<'SCRIPT'
#!/bin/sh
echo 'to the log'
trap 'echo last words; exit' TERM
while :; do sleep 0.1; done
SCRIPT
    has services/web/log/run <<<$'#!/bin/sh\nexec sed -u "s/^/log: /"'
    starts box
    within 20 says box 'log: to the log'
    becomes_ready box
    stops 0 box
    says box 'log: last words'
    ! says box 'starts again' || fail 'the end of a log counted as a death'
    # One that dies is no secret either.
    has services/web/log/run <<<$'#!/bin/sh\nexit 6'
    has services/web/log/restarts <<<'1 60' 644
    runs 6 dying | grep -F "service 'web/log' ended with exit code 6"
    # The other kind: files in a volume.
    has_data
    has services/web/log/run <<<$'#!/bin/sh\nexec s6-log n5 s1000000 /data/logs'
    starts files
    within 20 grep -x 'to the log' "$own/data/logs/current"
    stops 0 files
    grep -x 'last words' "$own/data/logs/current"
}

finish_script() {
    has services/web/run <<<$'#!/bin/sh\nread -r text <data/text\necho "$text $1"\nexit 9'
    has services/web/data/text <<<'its own data' 644
    has services/web/finish <<<$'#!/bin/sh\necho "finish: $1 $3"'
    has services/web/restarts <<<'1 60' 644
    runs 9 box >"$own/said"
    [ "$(grep -cx 'its own data web' "$own/said")" = 2 ]
    [ "$(grep -cx 'finish: 9 web' "$own/said")" -ge 1 ]
}
