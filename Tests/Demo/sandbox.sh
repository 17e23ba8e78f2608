#!/usr/bin/env bash
# sandbox.sh DIR COMMAND...: runs COMMAND with a Podman of its own, whose storage, networks, locks, ports and
# firewall rules are seen by nobody else and end with it. Everything on disk lies below DIR.
set -euo pipefail

if [ -z "${FAIRLEAD_SANDBOX:-}" ]; then
    FAIRLEAD_SANDBOX=$(readlink -f "$1")
    export FAIRLEAD_SANDBOX
    exec unshare --mount --net -- "$0" "$@"
fi
shift
here=$FAIRLEAD_SANDBOX

# Places that Podman, netavark and cron take from no configuration file. Podman keeps the locks of all storages in
# one piece of shared memory: a second, fresh storage would free those of the host's containers.
for place in /dev/shm /run/netns /run/containers /etc/cron.d /var/spool/cron; do
    if [ -d "$place" ] || [[ $place == /run/* ]]; then
        mkdir -p "$place"
        mount -t tmpfs tmpfs "$place"
    fi
done
mkdir -p /var/spool/cron/crontabs 2>/dev/null || true
ip link set lo up

# Since runc and crun differ here: crun refuses cgroup v1 with a v2 tree beside it.
runtime() {
    if mountpoint -q /sys/fs/cgroup/unified; then echo 'runtime = "runc"'; fi
}

# Podman asks for more open files than a host without CAP_SYS_RESOURCE may have, and then starts nothing.
limits() {
    local most
    most=$(ulimit -Hn)
    if [ "$most" != unlimited ] && [ "$most" -lt 1048576 ]; then
        echo 'default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]'
    fi
}

mkdir -p "$here/podman/networks"
cat >"$here/podman/containers.conf" <<CONF
[containers]
log_driver = "k8s-file"
$(limits)
[engine]
events_logger = "file"
tmp_dir = "$here/podman/tmp"
$(runtime)
[network]
network_backend = "netavark"
network_config_dir = "$here/podman/networks"
CONF
cat >"$here/podman/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$here/podman/storage"
runroot = "$here/podman/run"
CONF
cat >"$here/podman/registries.conf" <<CONF
[[registry]]
location = "127.0.0.1:5000"
insecure = true
CONF
export CONTAINERS_CONF=$here/podman/containers.conf
export CONTAINERS_STORAGE_CONF=$here/podman/storage.conf
export CONTAINERS_REGISTRIES_CONF=$here/podman/registries.conf
unset CONTAINER_HOST DOCKER_HOST XDG_RUNTIME_DIR

# What was started in here and still lives: all that share this mount namespace.
inhabitants() {
    local process own
    own=$(readlink /proc/self/ns/mnt)
    for process in /proc/[0-9]*; do
        [ "$process" = "/proc/$$" ] || [ "$process" = "/proc/$BASHPID" ] \
            || [ "$(readlink "$process/ns/mnt" 2>/dev/null)" != "$own" ] || echo "${process#/proc/}"
    done
}

end_inhabitants() {
    local pid signal=TERM patience=20
    while [ "$patience" -gt 0 ] && [ -n "$(inhabitants)" ]; do
        [ "$patience" -gt 5 ] || signal=KILL
        for pid in $(inhabitants); do kill "-$signal" "$pid" 2>/dev/null || true; done
        sleep 0.1
        patience=$((patience - 1))
    done
}

clean_up() {
    local status=$?
    trap - EXIT
    podman rm --all --force --time 0 >/dev/null 2>&1 || true
    podman network prune --force >/dev/null 2>&1 || true
    end_inhabitants
    # The overlay file system's own mount pins the directory until it goes.
    umount --lazy "$here/podman/storage/overlay" 2>/dev/null || true
    exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# In the background, since a shell that waits for a foreground command hears no signal.
"$@" &
wait "$!"
