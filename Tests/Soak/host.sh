# shellcheck shell=bash disable=SC2154
# host.sh: sourced by play.sh; the host, its servers, its customer repo and its daemon.

registry=127.0.0.1:5000
keys=(web0 web1 web2) # of the containers; their ports follow
port=9100
export FAIRLEAD_CONFIG=$work/config.json
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME='Olga Operator' GIT_AUTHOR_EMAIL=olga@acme.example.com
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

now() { date +%s%3N; }

tell() { printf '%8.1f s  %s\n' "$(($(now) - began))e-3" "$*" | tee -a "$work/timeline"; }

fault() {
    printf '%s\n' "$*" >>"$work/faults"
    tell "FAULT: $*"
}

within() { # SECONDS COMMAND...: until it succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.5
    done
}

start_registry() {
    "$here/../Demo/images/registry.sh" "$work/registry" "$registry" &
    echo "$!" >"$work/registry.pid"
    until curl --silent --output /dev/null --max-time 1 "http://$registry/v2/"; do sleep 0.1; done
}

stop_registry() {
    kill "$(cat "$work/registry.pid")" 2>/dev/null || true
    wait "$(cat "$work/registry.pid")" 2>/dev/null || true
}

# Serves its version, and keeps a row in its data directory before it says so.
push_images() {
    local program version root=$work/image/root
    mkdir -p "$root/bin" "$root/www/cgi-bin"
    cp "$(command -v busybox)" "$root/bin/busybox"
    for program in sh sync httpd; do ln -s busybox "$root/bin/$program"; done
    cp "$here/image/row" "$root/www/cgi-bin/"
    for version in 1 2 3; do
        echo "version $version" >"$root/www/index.html"
        podman build --quiet --tag "$registry/soak/web:$version" --file "$here/image/Containerfile" "$work/image" >/dev/null
        podman push --quiet "$registry/soak/web:$version"
    done
    podman rmi --all --force >/dev/null
}

prepare_host() {
    age-keygen -o "$work/age.txt" 2>/dev/null
    ssh-keygen -q -t ed25519 -N '' -f "$work/sign"
    mkdir "$work/state" "$work/data" "$work/run" "$work/log" "$work/backups"
    jq --null-input --arg work "$work" '{
        repository: { url: "\($work)/repo.git", timeout: "10s" }, host: "soak",
        stateDirectory: "\($work)/state", dataRoot: "\($work)/data", runtimeDirectory: "\($work)/run",
        logDirectory: "\($work)/log", ageIdentity: "\($work)/age.txt", signingKey: "\($work)/sign",
        interval: "1s", jitter: "0s", stabilityPeriod: "1s", minimumFreeSpace: "1MiB",
        retry: { firstDelay: "1s", longestDelay: "3s" }, policy: { backupDirectories: ["\($work)/backups"] },
        engine: { socket: "\($work)/podman.sock", storage: "\($work)/podman/storage", environment: {
            CONTAINERS_CONF: env.CONTAINERS_CONF, CONTAINERS_STORAGE_CONF: env.CONTAINERS_STORAGE_CONF,
            CONTAINERS_REGISTRIES_CONF: env.CONTAINERS_REGISTRIES_CONF } } }' >"$FAIRLEAD_CONFIG"
    git init --quiet --bare --initial-branch main "$work/repo.git"
    git init --quiet --initial-branch main "$work/repo"
    mkdir "$work/repo/hosts"
    echo '{}' >"$work/repo/hosts/soak.json"
    : >"$work/acknowledged"
    now >"$work/acted"
}

# Names that the plan changes from commit to commit: a setting, a data directory, a container.
setting=STYLE data=first last=web2

# The data of a container that is called differently stays its own; so does a directory that is called differently.
write_plan() { # VERSION [PATH]: PATH is what the health check asks for
    jq --null-input --arg version "$1" --arg path "${2:-/}" --arg registry "$registry" --arg mark "${work##*/}" \
        --arg recipient "$(age-keygen -y "$work/age.txt")" --arg backups "$work/backups" \
        --arg setting "$setting" --arg data "$data" --arg last "$last" --argjson port "$port" '
        def service($number; $volume; $after): {
            image: "\($registry)/soak/web:${version}", command: ["-r", $mark], stopTimeout: "1s",
            environment: { ($setting): "plain" }, ports: ["127.0.0.1:\($port + $number):8080"], dependsOn: $after,
            volumes: [{ target: "/d", backup: { mode: "pause" } } + $volume],
            health: { http: { port: 8080, path: (if $number == 0 then $path else "/" end) },
                interval: "200ms", timeout: "1s", retries: 20 } };
        { schemaVersion: 1, stack: "soak", version: $version,
          backup: { recipients: [$recipient], beforeDeploy: { keep: 1 },
              targets: { disk: { directory: $backups, local: true } } },
          containers: {
              web0: service(0; { data: "base" }; []),
              web1: service(1; { data: $data, formerly: ({ first: "second", second: "first" }[$data]) }; ["web0"]),
              ($last): service(2; { data: "last" }; ["web0"]) } }' >"$work/repo/plan.json"
}

commit() { # SUBJECT
    git -C "$work/repo" add --all
    git -C "$work/repo" commit --quiet --allow-empty --message "$1"
    within 10 git -C "$work/repo" push --quiet "$work/repo.git" main
}

start_daemon() {
    "$fairlead" run >>"$work/daemon.log" 2>&1 &
    echo "$!" >"$work/daemon.pid"
}

page() { curl --silent --fail --max-time 3 "http://127.0.0.1:$((port + $1))/"; } # NUMBER

serves_version() { # VERSION
    local number
    for number in "${!keys[@]}"; do [ "$(page "$number")" = "version $1" ] || return 1; done
}
