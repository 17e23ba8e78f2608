#!/usr/bin/env bash
# fill-registry.sh FILESYSTEMS DIR: builds acme/web and acme/database in three versions from the archives in
# FILESYSTEMS and pushes them to a registry that keeps them in DIR. Web 1.2.0 never becomes healthy.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
filesystems=$1 directory=$2 registry=127.0.0.1:5000

scratch=$(mktemp -d)
"$here/registry.sh" "$directory" "$registry" &
trap 'rm -rf "$scratch"; kill %1' EXIT
until curl --silent --output /dev/null --max-time 1 "http://$registry/v2/"; do
    kill -0 %1
    sleep 0.1
done
cp "$here/database/entrypoint" "$filesystems"/*.tar "$scratch/"

build() { # IMAGE CONTAINERFILE
    podman build --quiet --layers --tag "$registry/acme/$1" --build-arg "VERSION=${1#*:}" --file "$2" "$scratch" \
        >/dev/null
    podman push --quiet "$registry/acme/$1"
}

for version in 1.0.0 1.1.0 1.2.0; do
    health=200
    [ "$version" != 1.2.0 ] || health=500
    sed -e "s/@VERSION@/$version/" -e "s/@HEALTH@/$health/" "$here/web/nginx.conf" >"$scratch/nginx.conf"
    echo "<h1>acme $version</h1>" >"$scratch/index.html"
    build "web:$version" "$here/web/Containerfile"
    build "database:$version" "$here/database/Containerfile"
done
