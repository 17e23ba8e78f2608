# shellcheck shell=bash disable=SC2154
# bare-podman.sh: sourced by measure.sh; the same redeploy by hand. Pull the new image, stop and remove the old
# containers and their network, create and start new ones, wait until each serves, drop the old image, sync.

names() { seq -f "bare%g" 0 "$(($1 - 1))"; }

all_serve() { # COUNT VERSION
    local index
    for ((index = 0; index < $1; index++)); do
        until [ "$(curl --silent --max-time 1 "http://127.0.0.1:$((9000 + index))/")" = "version $2" ]; do
            sleep 0.05
        done
    done
}

bare_teardown() {
    podman rm --all --force --time 0 >/dev/null
    podman network rm --force bare >/dev/null 2>&1 || true
    podman rmi --all --force >/dev/null
}

finish() { # BEGAN STOPPED VERSION
    local healthy
    healthy=$(now)
    podman rmi --force "$registry/bench/web:$((3 - $3))" >/dev/null 2>&1 || true
    sync --file-system "$work/podman/storage"
    echo "$(($(now) - $1)) $((healthy - $2))"
}

cli_redeploy() { # COUNT VERSION
    local began stopped index
    began=$(now)
    podman pull --quiet "$registry/bench/web:$2" >/dev/null
    stopped=$(now)
    # Where none runs yet there is nothing to stop.
    names "$1" | xargs podman stop --time 2 >/dev/null 2>&1 || true
    names "$1" | xargs podman rm --force >/dev/null 2>&1 || true
    podman network rm --force bare >/dev/null 2>&1 || true
    podman network create bare >/dev/null
    for ((index = 0; index < $1; index++)); do
        podman create --init --name "bare$index" --network bare --publish "127.0.0.1:$((9000 + index)):8080" \
            "$registry/bench/web:$2" >/dev/null
    done
    # The name server that the first start leaves running keeps the standard error open.
    names "$1" | xargs podman start >/dev/null 2>"$work/error" || cat "$work/error" >&2
    all_serve "$1" "$2"
    finish "$began" "$stopped" "$2"
}

rest() { # METHOD PATH [JSON]
    curl --silent --show-error --output /dev/null --unix-socket "$socket" --request "$1" \
        --header 'Content-Type: application/json' ${3:+--data "$3"} "http://podman/v4.0.0/libpod/$2"
}

rest_create() { # INDEX VERSION
    rest POST containers/create "{
        \"name\": \"bare$1\", \"image\": \"$registry/bench/web:$2\", \"init\": true,
        \"netns\": { \"nsmode\": \"bridge\" }, \"Networks\": { \"bare\": {} },
        \"portmappings\": [{ \"host_ip\": \"127.0.0.1\", \"host_port\": $((9000 + $1)), \"container_port\": 8080 }] }"
}

rest_redeploy() { # COUNT VERSION
    local began stopped
    export -f rest rest_create
    began=$(now)
    rest POST "images/pull?reference=$registry/bench/web:$2"
    stopped=$(now)
    names "$1" | xargs -P 4 -I {} bash -c 'rest POST "containers/{}/stop?timeout=2"; rest DELETE "containers/{}?force=true"'
    rest DELETE 'networks/bare?force=true'
    rest POST networks/create '{ "name": "bare", "dns_enabled": true }'
    seq 0 "$(($1 - 1))" | xargs -P 4 -I {} bash -c "rest_create {} $2"
    names "$1" | xargs -P 4 -I {} bash -c 'rest POST "containers/{}/start"'
    all_serve "$1" "$2"
    finish "$began" "$stopped" "$2"
}
