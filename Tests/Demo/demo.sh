#!/usr/bin/env bash
# demo.sh FAIRLEAD: plays story.sh with the binary FAIRLEAD on a Podman of its own, and removes everything after it.
# demo.sh --clean: removes the images that are kept for the next run.
# demo.sh --images: prints the directory of a registry with these images, for other scripts.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cache=${FAIRLEAD_DEMO_CACHE:-/var/cache/fairlead-demo}

if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "demo.sh: Fairlead manages a rootful Podman; run it as root" >&2
        exit 1
    }
    exec sudo FAIRLEAD_DEMO_CACHE="$cache" "$0" "$@"
fi
if [ "${1:-}" = --clean ]; then
    rm -rf "$cache"
    exit
fi
fairlead=$(readlink -f -- "${1:?usage: demo.sh FAIRLEAD | --clean | --images}")

# Short, since the path of a socket has at most 107 characters.
work=$(mktemp -d /tmp/fairlead-demo.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
trap interrupted INT TERM HUP

in_sandbox() { # COMMAND...
    "$here/sandbox.sh" "$work" "$@" &
    sandbox=$!
    wait "$sandbox"
}

# The sandbox cleans up after itself; only then may its directory go.
interrupted() {
    trap '' INT TERM HUP
    [ -z "${sandbox:-}" ] || { kill "$sandbox" && wait "$sandbox"; } 2>/dev/null || true
    exit 130
}

# Images that other scripts or another release of Debian made are not these images.
images=$cache/$(cat "$here"/images/*.sh "$here"/images/*/* /etc/debian_version | sha256sum | head -c 12)
# Tests make them too, perhaps at the same time.
mkdir -p "$(dirname "$cache")"
exec 9>"$cache.lock"
flock 9
if [ ! -d "$images" ]; then
    echo "Making the images of the demo from Debian's nginx and PostgreSQL (once, about 20 seconds) ..." >&2
    "$here/images/fetch.sh" "$work/filesystems"
    in_sandbox "$here/images/fill-registry.sh" "$work/filesystems" "$work/registry"
    mkdir -p "$cache"
    rm -rf "${cache:?}"/*
    cp -a "$work/registry" "$images.part"
    mv "$images.part" "$images"
    rm -rf "$work/filesystems" "$work/registry" "$work/podman"
fi
exec 9>&-
if [ "$1" = --images ]; then
    echo "$images"
    exit
fi
in_sandbox "$here/story.sh" "$fairlead" "$images" "$work"
