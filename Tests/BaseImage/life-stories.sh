# shellcheck shell=bash
# life-stories.sh: sourced by tell; what a container of the base image costs, and how it begins and ends.

shell_scripts() {
    local scripts=()
    mapfile -t scripts < <(grep --recursive --files-with-matches '^#!/bin/sh' "$repo/deploy/base-image")
    [ "${#scripts[@]}" -ge 5 ]
    cd "$repo"
    shellcheck --shell=sh --external-sources "${scripts[@]}"
}

size() {
    local before after
    before=$(podman image inspect --format '{{.Size}}' localhost/debian)
    after=$(podman image inspect --format '{{.Size}}' localhost/fairlead-base)
    figure "$(((after - before) / 1000)) kB over a Debian of $((before / 1000000)) MB"
    [ "$((after - before))" -lt 3000000 ]
}

resident() { # NAME
    local process sum=0 size
    for process in $(processes "$1"); do
        size=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$process/status" 2>/dev/null || true)
        sum=$((sum + ${size:-0}))
    done
    echo "$sum"
}

serves() {
    local began memory
    has_service one
    has_service two
    began=$(now)
    starts box --init
    figure "started in $(since "$began")"
    becomes_ready box
    figure "ready in $(since "$began"), with the command that asks"
    checks box live
    sleep 1
    memory=$(resident box)
    figure "memory: $memory kB"
    [ "$memory" -gt 1000 ] && [ "$memory" -lt 10240 ]
    stops 0 box
    figure "stopped in $took"
    [ -z "$(podman logs box 2>&1)" ] || fail 'it says something though nothing happened'
}

as_first_process() {
    has services/one/run <<'SCRIPT'
#!/bin/sh
# Orphans, which the first process inherits.
for _ in 1 2 3 4 5; do (sleep 0.2 &); done
exec sleep 1000000
SCRIPT
    starts box
    becomes_ready box
    [ "$(podman exec box cat /proc/1/comm)" = s6-svscan ]
    sleep 1
    # shellcheck disable=SC2016 # of the container
    [ "$(podman exec box sh -c 'grep -l "^State:.Z" /proc/[0-9]*/status | wc -l')" = 0 ] || fail 'there are zombies'
    stops 0 box
    figure "stopped in $took"
    podman start box >/dev/null
    becomes_ready box
}

read_only() {
    has_service one
    has setup/once.d/first <<<$'#!/bin/sh\ntrue'
    has_data
    serves_with plain
    serves_with read-only --read-only
    serves_with shm-only --read-only --read-only-tmpfs=false
    serves_with noexec --read-only --tmpfs /run/fairlead:rw,noexec,nosuid,nodev,mode=1777
    serves_with named --volume "${work##*/}-data:/data"
    chown -R 4711:4711 "$own/data"
    serves_with user --read-only --user 4711:4711
    serves_with no-home --read-only --read-only-tmpfs=false --user 4711:4712 --init
    chown -R 0:0 "$own/data"
    serves_with root --user 0:0
}

serves_with() { # NAME OPTION...
    local name=$1
    shift
    [ "$name" != named ] || mv "$own/data" "$own/aside"
    starts "$name" "$@"
    becomes_ready "$name"
    checks "$name" live
    stops 0 "$name"
    [ "$name" != named ] || mv "$own/aside" "$own/data"
}

revoked() {
    has_service one
    starts box
    becomes_ready box
    # shellcheck disable=SC2016 # of the container
    podman exec box sh -c '
        find /fairlead ! -type l -writable | grep . && exit 1
        find /fairlead ! -user 0 | grep . && exit 1
        touch /fairlead/x && exit 1
        echo x >>/fairlead/init && exit 1
        rm -rf /fairlead/lib
        test -x /fairlead/lib/end'
    [ "$(podman exec box id)" = 'uid=500(app) gid=500(app) groups=500(app)' ]
    [ "$(podman exec box sed -n 's/^\(CapEff\|NoNewPrivs\):\t//p' /proc/1/status | paste -sd ' ')" = '0000000000000000 1' ]
}

names() {
    local asked='echo "$IMAGE_NAME|$IMAGE_VERSION|$APP_NAME|$APP_VERSION|$(date +%Z)"'
    local told=('registry.example.com:5000/acme/shop|2.1|Shop|2.1.7|CET' 'registry.example.com:5000/acme/shop|2.1|Shop|2.1.7|CEST')
    has services/one/run <<<$'#!/bin/sh\n'"$asked"$'\nexec sleep 1000000'
    has setup/always.d/say <<<$'#!/bin/sh\n'"$asked"
    has health/ready.d/say <<<$'#!/bin/sh\n'"$asked"
    starts box --env state=mine --env 'name=a "plan'\''s"' --env environment=e --env service=s --env FAIRLEAD_IMAGE=registry.example.com:5000/acme/shop:2.1@sha256:00 --env FAIRLEAD_APP=Shop \
        --env FAIRLEAD_APP_VERSION=2.1.7 --env TZ=Europe/Berlin
    becomes_ready box
    [ "$(podman logs box 2>/dev/null | grep -cxF -e "${told[0]}" -e "${told[1]}")" = 2 ]
    checks box ready | grep -xF -e "${told[0]}" -e "${told[1]}"

    # Names that the scripts use, too.
    podman exec box sh -c 'tr "\0" "\n" </proc/$(cat /run/fairlead/now/scan/one/pid)/environ' >"$own/environment"
    grep -xF -e 'state=mine' -e "name=a \"plan's\"" -e environment=e -e service=s "$own/environment" | wc -l | grep -x 4
    ! grep -E '^(home|places|namespace|place|status|script|marks|options)=' "$own/environment" || fail 'more than the plan has'

    # What the image or the plan says stays; where nobody says anything they are empty, and set.
    runs 0 own --env APP_NAME=mine --env FAIRLEAD_APP=other --env FAIRLEAD_IMAGE=localhost:5000/x \
        -- sh -uc "$asked" | grep -F 'localhost:5000/x||mine||'
    runs 0 none -- sh -uc "$asked" | grep -F '||||UTC'
}

a_command() {
    has_service one
    has setup/always.d/fails <<<$'#!/bin/sh\nexit 9'
    has setup/once.d/fails <<<$'#!/bin/sh\nexit 9'
    runs 5 box -- sh -c 'echo "in the command: $1"; exit 5' sh 'with a space' | grep -x 'in the command: with a space'
    says box "runs 'sh' alone: no set-up, no service"
    starts long -- sleep 1000000
    ! checks long ready >"$own/answer" || fail 'a command is no service'
    grep -x 'this container runs a command, and no service' "$own/answer"
}
