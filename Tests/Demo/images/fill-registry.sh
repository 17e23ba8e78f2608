#!/usr/bin/env bash
# push.sh FILESYSTEMS REGISTRY VERSION...: builds acme/web and acme/database in each VERSION from the archives in
# the directory FILESYSTEMS and pushes them. Version 1.2.0 of web is made so that it never becomes healthy.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
filesystems=$1 registry=$2
shift 2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$here/database/entrypoint" "$scratch/"
ln "$filesystems"/*.tar "$scratch/" 2>/dev/null || cp "$filesystems"/*.tar "$scratch/"

build_web() { # VERSION
    local health=200
    [ "$1" != 1.2.0 ] || health=500
    sed -e "s/@VERSION@/$1/" -e "s/@HEALTH@/$health/" "$here/web/nginx.conf" >"$scratch/nginx.conf"
    echo "<h1>acme $1</h1>" >"$scratch/index.html"
    build "web:$1" "$here/web/Containerfile"
}

build() { # IMAGE CONTAINERFILE
    podman build --quiet --layers --tag "$registry/acme/$1" --build-arg "VERSION=${1#*:}" --file "$2" "$scratch" >/dev/null
    podman push --quiet "$registry/acme/$1"
    echo "$registry/acme/$1"
}

for version in "$@"; do
    build_web "$version"
    build "database:$version" "$here/database/Containerfile"
done
