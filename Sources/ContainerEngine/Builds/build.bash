#!/usr/bin/env bash
# build.bash AREA OWNER GROUPS MEMORY PROCESSES DISK FREE VERB INPUT …: works on images where nothing of this host can be reached.
#
# VERBs:
#   take INPUT ID               takes in the image ID, which the archive INPUT holds, for builds to start from
#   make INPUT [ID…] -- OPTION… builds the context INPUT, a tar, with podman's OPTIONs; ends with status 75 when an ID was not
#                               taken in. INPUT.image is then the image as an archive, which nobody has looked at yet.
#
# AREA belongs to root and keeps what is worth keeping between builds. The work ends when INPUT is removed, or when the process
# OWNER has ended. It may fill DISK bytes of AREA, as long as FREE bytes of its disk stay free. GROUPS is `unit` where the caller
# bounds memory and processes, or `own`: then it is done here, with MEMORY bytes and so many PROCESSES.
#
# What is built has user ids of its own, which no file outside of AREA belongs to, and sees a root directory of its own, with
# this host's programs and nothing else of it: no other file, process, network or socket. What gets out of the container of a
# build is there. Its network is slirp4netns: it reaches what this host reaches, but not the host's own loopback addresses.
set -euo pipefail
umask 022
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

# Above what systemd's containers, newusers and subuid(5) give away, and below the foreign ids of systemd.
readonly first_id=2113929216 ids=65536

area=$1 owner=$2 groups=$3 memory=$4 processes=$5 disk=$6 free=$7 verb=$8 input=$9
shift 9

say() { printf 'fairlead: %s\n' "$*"; }

# --- In the root directory of the build, as its root

# Podman passes on what a command of the build ended with, which may be anything.
# shellcheck disable=SC2317 # inside calls it
failed() { exit $(($1 > 128 ? 130 : 1)); } # STATUS

# shellcheck disable=SC2317 # around calls it
inside() {
    mount -t proc proc /proc
    ulimit -c 0
    cd /scratch
    export HOME=/scratch TMPDIR=/scratch XDG_RUNTIME_DIR=/run BUILDAH_ISOLATION=chroot
    case $verb in
        take)
            podman load --quiet <&7 >/dev/null || failed $?
            podman image exists "$1" || failed $?
            ;;
        make)
            while [ "$1" != -- ]; do shift; done
            shift
            mkdir context
            tar -C context -xf - <&7
            podman build --isolation chroot --network host --pull=never --layers --rm --force-rm --format oci \
                --iidfile id "$@" context || failed $?
            # With the 'sha256:' of its id the archive would give the image a name.
            podman save --quiet --format oci-archive --uncompressed --output image "$(cut -d : -f 2 id)" || failed $?
            ;;
    esac
}

# --- Around it: root of the host, in a mount and a process namespace that hold nothing else

# A tree of this host that programs need; no device and no right of another user works in it.
show() { # PATH
    mkdir -p "$1"
    mount --bind "/$1" "$1"
    mount -o remount,bind,ro,nosuid,nodev "$1"
}

devices() {
    mknod dev/null c 1 3
    mknod dev/zero c 1 5
    mknod dev/full c 1 7
    mknod dev/random c 1 8
    mknod dev/urandom c 1 9
    mknod dev/net/tun c 10 200
    chmod 0666 dev/null dev/zero dev/full dev/random dev/urandom dev/net/tun
    ln -s /proc/self/fd dev/fd
}

settings() {
    local files
    files=$(ulimit -Hn)
    [ "$files" != unlimited ] || files=1048576
    echo 'root:x:0:0:root:/:/bin/sh' >etc/passwd
    echo 'root:x:0:' >etc/group
    echo '127.0.0.1 localhost' >etc/hosts
    echo 'nameserver 10.0.2.3' >etc/resolv.conf
    echo '{"default": [{"type": "insecureAcceptAnything"}]}' >etc/containers/policy.json
    printf '[storage]\ndriver="overlay"\ngraphroot="/store"\nrunroot="/run/store"\n' >etc/containers/storage.conf
    printf '[containers]\ndefault_ulimits=["nofile=%s:%s","nproc=%s:%s"]\n[engine]\n%s\n%s\n' "$files" "$files" \
        "$processes" "$processes" 'cgroup_manager="cgroupfs"' 'events_logger="none"' >etc/containers/containers.conf
}

enter_root() {
    local path
    mount -t tmpfs -o size=64m,mode=0755 none "$area/root"
    cd "$area/root"
    mkdir -p dev/net dev/shm dev/pts etc/containers old proc run scratch store sys/fs/cgroup tmp var
    ln -s /scratch var/tmp
    for path in bin sbin lib lib32 lib64 libx32; do
        if [ -L "/$path" ]; then ln -s "$(readlink "/$path")" "$path"; elif [ -d "/$path" ]; then show "$path"; fi
    done
    for path in usr etc/alternatives etc/ssl; do [ ! -d "/$path" ] || show "$path"; done
    devices
    settings
    mount --bind "$area/store" store
    mount --bind "$area/scratch" scratch
    chown "$first_id:$first_id" dev/shm run scratch store tmp
    mount -t proc proc proc
    mkfifo -m 0600 old/begin
    exec 8<>old/begin
    pivot_root . old
    umount --lazy old
    cd /
}

# A name of its own for each process of the build; only slirp4netns may come into its networks.
readonly as_builder=(setpriv "--reuid=$first_id" "--regid=$first_id" --clear-groups)

connect() { # PROCESS
    if ! command -v slirp4netns >/dev/null; then
        say 'this build has no network: slirp4netns is not installed'
        return
    fi
    mkfifo /run/ready
    chown "$first_id" /run/ready
    exec 9<>/run/ready
    "${as_builder[@]}" slirp4netns --configure --mtu=65520 --disable-host-loopback --ready-fd=9 --userns-path="/proc/$1/ns/user" \
        --netns-type=path "/proc/$1/ns/net" tap0 >/run/said 2>&1 5<&- 7<&- 8<&- &
    if ! read -r -t 20 -N 1 _ <&9; then say "this build has no network: $(tail -n 1 /run/said)"; fi
    exec 9<&-
    rm -f /run/ready /run/said
}

around() {
    local child status=0
    enter_root
    # shellcheck disable=SC2016 # expanded inside
    "${as_builder[@]}" unshare --user --mount --net --pid --ipc --uts --fork --kill-child /bin/bash -c \
        'read -r _ <&8 && exec 8<&- && exec setpriv --reuid=0 --regid=0 --clear-groups --no-new-privs /bin/bash -c "$@"' \
        begin "$(declare -f inside failed); set -euo pipefail; umask 022; verb=$verb; inside \"\$@\"" inside "$@" 5<&- &
    child=$!
    until [ "$(readlink "/proc/$child/ns/user")" != "$(readlink /proc/self/ns/user)" ]; do
        kill -0 "$child" || exit
        sleep 0.005
    done
    echo "0 $first_id $ids" >"/proc/$child/gid_map"
    echo "0 $first_id $ids" >"/proc/$child/uid_map"
    [ "$verb" = take ] || connect "$child"
    echo begin >&8
    wait "$child" || status=$?
    exit "$status"
}

# --- On the host: what is kept, and the bounds

# A store that another boot, or a build that was killed, left behind may have lost content without a trace.
prepare() {
    local boot
    boot=$(</proc/sys/kernel/random/boot_id)
    if [ -e "$area/running" ] || [ "$(cat "$area/boot" 2>/dev/null)" != "$boot" ] || [ "$(used)" -gt $((disk / 2)) ]; then
        rm -rf "$area/store" "$area/bases"
        rm -f "$area/running"
        printf '%s\n' "$boot" >"$area/boot"
    fi
    rm -rf "$area/scratch"
    mkdir -p "$area/root" "$area/store" "$area/scratch" "$area/bases"
    chmod 0700 "$area"/{root,store,scratch,bases}
}

has_bases() { # ID… -- …
    while [ "$1" != -- ]; do
        [ -e "$area/bases/$1" ] || return 1
        shift
    done
}

used() { du -sB1 "$area/store" "$area/scratch" 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }'; }

available() { stat --file-system --format '%a %S' "$area" | { read -r blocks size && echo $((blocks * size)); }; }

# Where no systemd keeps units, as in some containers.
own_groups() { # MEMBER
    local name="fairlead-build-$$" root=/sys/fs/cgroup group
    rmdir $root/{,memory/,pids/}fairlead-build-* 2>/dev/null || true
    if [ -e $root/cgroup.controllers ]; then
        echo '+memory +pids' >$root/cgroup.subtree_control
        mkdir "$root/$name" && echo "$memory" >"$root/$name/memory.max" && echo "$processes" >"$root/$name/pids.max" \
            && echo "$1" >"$root/$name/cgroup.procs"
    else
        mkdir "$root/memory/$name" "$root/pids/$name" && echo "$processes" >"$root/pids/$name/pids.max" \
            && echo "$memory" >"$root/memory/$name/memory.limit_in_bytes" \
            && for group in memory pids; do echo "$1" >"$root/$group/$name/cgroup.procs" || return; done
    fi
}

stop() { # PROCESS REASON
    say "$2"
    kill -KILL "$1"
    wait "$1" 2>/dev/null || true
    # What still dies may be in the way; the next build does it again.
    rm -rf "$area/store" "$area/scratch" 2>/dev/null || true
    exit 74
}

# Until the sandbox has ended by itself; returns its status.
watch() { # PROCESS
    local ended pause status looked now
    looked=$(available)
    while :; do
        sleep 0.2 <&- >&- 2>&- 5<&- 7<&- &
        pause=$!
        status=0
        wait -n -p ended "$1" "$pause" || status=$?
        [ "$ended" = "$pause" ] || return "$status"
        if [ ! -e "$input" ] || [ ! -d "/proc/$owner" ]; then stop "$1" 'nobody waits for this build any more'; fi
        now=$(available)
        [ "$now" -ge "$free" ] || stop "$1" "stopped: less than $free bytes are free on the disk of '$area'"
        [ $((looked - now)) -gt $((disk / 16)) ] || continue
        looked=$now
        [ "$(used)" -le "$disk" ] || stop "$1" "stopped: with its cache it takes more than $disk bytes of disk"
    done
}

# Nothing of the sandbox runs any more: what it left stays what it is.
deliver() {
    [ "$verb" = make ] || return 0
    if [ ! -f "$area/scratch/image" ] || [ -L "$area/scratch/image" ]; then say 'it left no image'; return 1; fi
    chown 0:0 "$area/scratch/image"
    chmod 0600 "$area/scratch/image"
    mv -T "$area/scratch/image" "$input.image"
}

main() {
    local child line status=0
    : >>"$area/lock"
    exec 5<"$area/lock"
    flock 5
    prepare
    if [ -e "$area/proxy" ]; then
        while IFS= read -r line; do export "${line?}"; done <"$area/proxy"
    fi
    [ "$verb" != make ] || has_bases "$@" || exit 75
    : >"$area/running"
    exec 7<"$input"
    (
        if [ "$groups" = own ] && ! own_groups "$BASHPID" 2>/dev/null; then
            say 'the memory of this build has a bound for each process only: there is no cgroup for it'
            ulimit -v $((memory / 1024))
        fi
        ulimit -u "$processes"
        # shellcheck disable=SC2016 # expanded inside
        exec unshare --mount --pid --fork --kill-child /bin/bash "$0" "$area" "$owner" around "$memory" "$processes" "$disk" \
            "$free" "$verb" "$input" "$@"
    ) </dev/null &
    child=$!
    watch "$child" || status=$?
    if [ "$status" = 0 ]; then deliver || status=$?; fi
    [ "$status" != 0 ] || [ "$verb" != take ] || : >"$area/bases/$1"
    rm -rf "$area/scratch"
    # Killed, or cut off: see prepare.
    [ "$status" -gt 128 ] || rm -f "$area/running"
    rmdir /sys/fs/cgroup/{,memory/,pids/}"fairlead-build-$$" 2>/dev/null || true
    exit "$status"
}

if [ "$groups" = around ]; then around "$@"; fi
main "$@" 2>&1
