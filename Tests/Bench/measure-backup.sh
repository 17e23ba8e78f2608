#!/usr/bin/env bash
# measure-backup.sh FAIRLEAD WORK IMAGES TREE DATABASE: the measurements of backup.sh; runs in sandbox.sh.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
fairlead=$1 work=$2 images=$3 tree_size=$4 database_size=$5
tree=$work/data/acme/tree
# shellcheck source-path=SCRIPTDIR source=host.sh
. "$here/host.sh"
# shellcheck source-path=SCRIPTDIR source=tree.sh
. "$here/tree.sh"
# shellcheck source-path=SCRIPTDIR source=bare-backup.sh
. "$here/bare-backup.sh"

seconds() { awk -v milliseconds="$1" 'BEGIN { printf "%.1f s", milliseconds / 1000 }'; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }; }
took() { # COMMAND...: prints the milliseconds
    local began
    began=$(now)
    quietly "$@"
    echo "$(($(now) - began))"
}

start_s3() {
    endpoint=http://127.0.0.1:8000
    mkdir "$work/s3"
    mkfifo "$work/s3.input"
    "$here/../TestSupport/Scripts/s3-server.bash" "$work/s3" 3300 8000 <"$work/s3.input" 2>"$work/s3.error" &
    exec 7>"$work/s3.input"
    until [ -e "$work/s3/ready" ]; do sleep 0.1; done
    read -r key secret <"$work/s3/owner.key"
    export RCLONE_CONFIG='' RCLONE_CONFIG_S3_TYPE=s3 RCLONE_CONFIG_S3_PROVIDER=Ceph RCLONE_CONFIG_S3_ENDPOINT=$endpoint
    export RCLONE_CONFIG_S3_ACCESS_KEY_ID=$key RCLONE_CONFIG_S3_SECRET_ACCESS_KEY=$secret
    # With it the rclone of Debian 12 refuses to work.
    unset AWS_CA_BUNDLE
    rclone mkdir S3:bench-plain
    "$here/../TestSupport/Scripts/s3-bucket.bash" "$endpoint" bench 180 <<<"$key:$secret"
}

stored() { rclone size --json "S3:$1" 2>/dev/null | jq .bytes; } # BUCKET/PREFIX: bytes

prepare_host() {
    configure
    age-keygen --output "$work/age.key" 2>/dev/null
    recipient=$(age-keygen -y "$work/age.key")
    ssh-keygen -q -t ed25519 -N '' -f "$work/signing"
    jq --arg work "$work" '.ageIdentity = "\($work)/age.key" | .signingKey = "\($work)/signing"' \
        "$FAIRLEAD_CONFIG" >"$work/config.new"
    mv "$work/config.new" "$FAIRLEAD_CONFIG"
    jq --null-input --arg key "$key" --arg secret "$secret" '{ database: "bench", key: $key, secret: $secret }' \
        | age --encrypt --recipient "$recipient" --output "$work/repo/secrets.json.age"
    cp -a "$here/../../customer-repo-template/files" "$work/repo/"
}

# The demo's stack, or with FILTER what jq makes of it.
commit_plan() { # SUBJECT FILTER
    jq --arg recipient "$recipient" --arg endpoint "$endpoint" \
        '. * { variables: { registry: "127.0.0.1:5000" } } | del(.registries, .maintenance)
        | .containers.web.ports = ["127.0.0.1:8080:8080"] | .containers[].health.interval = "200ms"
        | .backup = { recipients: [$recipient], targets: { s3: { path: "bench/acme", lock: "180d", rclone: {
            type: "s3", provider: "Ceph", endpoint: $endpoint, region: "us-east-1",
            access_key_id: "${secret:key}", secret_access_key: "${secret:secret}" } } } } | '"$2" \
        "$here/../../customer-repo-template/plan.json" >"$work/repo/plan.json"
    commit "$1"
    quietly "$fairlead" reconcile
}

held_since() { # BEGAN CONTAINER: how long it was paused, in milliseconds, as the engine has it
    podman events --stream=false --since "$(($1 / 1000))" --filter "container=$2" --format '{{.Status}} {{.Time.UnixMilli}}' \
        | awk -v began="$1" '$2 < began { next } $1 == "pause" { at = $2 } $1 == "unpause" { sum += $2 - at } END { print sum + 0 }'
}

empty_host() {
    podman rm --all --force --time 0 >/dev/null
    podman network prune --force >/dev/null
    podman rmi --all --force >/dev/null
    rm -rf "$work"/{state,data,run}
    mkdir "$work"/{state,data,run}
}

sql() { podman exec acme-database psql -qAtc "$1"; }

longest_gap() { # between two commits, of the load's log, in milliseconds
    podman exec acme-database sh -c "cat /tmp/load$load.*" | awk '{ printf "%.0f\n", $5 * 1000 + $6 / 1000 }' | sort -n \
        | awk 'NR > 1 && $1 - last > most { most = $1 - last } { last = $1 } END { print most }'
}

# Has a load write meanwhile; sets `gap` to the longest time without a commit.
under_load() { # COMMAND...
    load=$((load + 1))
    podman exec --detach acme-database pgbench --no-vacuum --client=2 --time=600 --log "--log-prefix=/tmp/load$load" \
        >/dev/null
    sleep 3
    quietly "$@"
    sleep 1
    sql "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'pgbench'" >/dev/null
    sleep 0.5
    gap=$(longest_gap)
}

measure_database() {
    local size pause hook none load=0
    commit_plan 'Run the demo' .
    quietly "$fairlead" backup now
    empty_host
    printf '%-58s %s\n' 'recovery of the demo stack on an empty host' "$(seconds "$(took "$fairlead" reconcile)")"
    quietly podman exec acme-database pgbench --quiet --initialize --init-steps=dtgvp --scale="$((database_size / 15))"
    sql CHECKPOINT
    size=$(du --summarize --block-size=MB "$work/data/acme/database" | cut -f 1)
    under_load sleep 8
    none=$gap
    under_load "$fairlead" backup now
    pause=$gap
    empty_host
    printf '%-58s %s\n' "the same with a database of $size" "$(seconds "$(took "$fairlead" reconcile)")"
    commit_plan 'Dump the database' '.containers.database.volumes[0].backup =
        { mode: "hook", dump: ["pg_dump", "-Fc", "-Z0"], load: ["pg_restore", "-d", "postgres"] }'
    under_load "$fairlead" backup now
    hook=$gap
    empty_host
    printf '%-58s %s\n' 'the same from its dump' "$(seconds "$(took "$fairlead" reconcile)")"
    printf '\nlongest time without a commit of that database: %s without a backup, %s in mode pause, %s in mode hook\n' \
        "$none ms" "$pause ms" "$hook ms"
}

row() { printf '%-28s %10s %10s %10s %10s %10s %10s\n' "$@"; }

# Runs 1 and 2 of a way; its functions are NAME_backup RUN and NAME_restore DIRECTORY, its objects PREFIX in the storage.
back_up() { # NAME PREFIX RUN
    local before began
    before=$(stored "$2")
    began=$(now)
    quietly "${1}_backup" "$3"
    milliseconds[$1.$3]=$(($(now) - began))
    bytes[$1.$3]=$(($(stored "$2") - before))
    held[$1]=$(held_since "$began" acme-web)
}

bring_back() { # NAME
    mkdir -p "$work/back"
    milliseconds[$1.back]=$(took "${1}_restore" "$work/back")
    diff --recursive --brief --no-dereference "$tree" "$(find "$work/back" -name database -printf '%h')" >&2
    rm -rf "$work/back"
}

fairlead_backup() { "$fairlead" backup now; }
engine_backup() { "$fairlead" backup now; }

# A whole deployment: what it takes without data is told beside it.
bring_back_by_deployment() { # NAME
    milliseconds[empty]=$(took "$fairlead" reconcile --force)
    mv "$tree" "$work/kept"
    milliseconds[$1.back]=$(took "$fairlead" reconcile --force)
    diff --recursive --brief --no-dereference "$work/kept" "$tree" >&2
    rm -rf "$work/kept"
}

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.0f MB", bytes / 1e6 }'; }

tell() { # NAME TITLE
    row "$2" "$(megabytes "${bytes[$1.1]}")" "$(seconds "${milliseconds[$1.1]}")" "$(megabytes "${bytes[$1.2]}")" \
        "$(seconds "${milliseconds[$1.2]}")" "$(if [ "${held[$1]}" = 0 ]; then echo -; else seconds "${held[$1]}"; fi)" \
        "$(seconds "${milliseconds[$1.back]}")"
}

keep_tree() { # ENGINE
    commit_plan "Keep a tree with $1" 'del(.containers.database, .containers.web.dependsOn)
        | .containers.web.volumes = [{ data: "tree", target: "/data", backup: { mode: "pause", engine: "'"$1"'" } }]'
}

measure_tree() {
    declare -A milliseconds bytes held
    local run
    keep_tree tar
    make_tree "$tree" "$tree_size"
    sync
    for run in 1 2; do
        back_up fairlead bench "$run"
        back_up age bench-plain "$run"
        back_up tar bench-plain "$run"
        back_up restic bench-plain "$run"
        [ "$run" = 2 ] || { change_tree "$tree" "$tree_size"; sync; }
    done
    for way in age tar restic; do bring_back "$way"; done
    bring_back_by_deployment fairlead
    keep_tree restic
    for run in 1 2; do
        back_up engine bench "$run"
        [ "$run" = 2 ] || { change_tree "$tree" "$tree_size"; sync; }
    done
    bring_back_by_deployment engine
    row "$tree_size MB, 1 % changed" 'run 1' '' 'run 2' '' held restore
    tell fairlead 'fairlead backup now'
    tell engine '... with "engine": "restic"'
    tell age 'tar | zstd | age | rcat'
    tell tar 'tar | zstd | rcat'
    tell restic 'restic backup'
    printf "of Fairlead's restore %s are the deployment that it is a part of\n\n" "$(seconds "${milliseconds[empty]}")"
}

start_servers "$images"
start_s3
prepare_host
printf '%s, %s, %s cores\n\n' "$(podman --version)" "$("$fairlead" version 2>/dev/null | head -n 1)" "$(nproc)"
measure_tree
measure_database
