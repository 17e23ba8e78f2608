#!/usr/bin/env bash
# fetch.sh DIR: makes DIR/web.tar and DIR/database.tar, the file systems of the demo's two images, from the
# Debian packages 'nginx' and 'postgresql' of this host's own apt sources. No base image, no internet registry.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
destination=${1:?usage: fetch.sh DIR}
[ ! -e "$destination/database.tar" ] || exit 0

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$destination" "$scratch/packages/partial" "$scratch/root/usr"
: >"$scratch/none-installed"
apt=(apt-get -qq -o "Dir::State::status=$scratch/none-installed" -o APT::Sandbox::User=root
    -o DPkg::Lock::Timeout=300)

# All packages that the two services need, less those whose files never reach an image.
needed() {
    "${apt[@]}" --simulate --no-install-recommends install nginx postgresql busybox-static \
        | awk '/^Inst/ { print $2 }' \
        | grep -E '^(lib|zlib|tzdata|nginx|postgresql-(client-)?[0-9]|busybox-static)' \
        | grep -vE '^(libllvm|libperl|libdebconf|libjson-perl|libz3|libedit)'
}

unpack() {
    local name package
    # Debian's merged /usr: without these links the libraries would land beside it.
    for name in bin sbin lib lib64; do
        mkdir -p "$scratch/root/usr/$name"
        ln -s "usr/$name" "$scratch/root/$name"
    done
    for package in "$scratch"/packages/*.deb; do
        dpkg-deb --fsys-tarfile "$package" \
            | tar -x --keep-directory-symlink --exclude='./usr/share/doc' --exclude='./usr/share/man' \
                --exclude='./usr/share/locale' -C "$scratch/root"
    done
}

mapfile -t packages < <(needed)
[ "${#packages[@]}" -gt 0 ] || {
    echo "fetch.sh: apt knows no package 'postgresql' or 'nginx'; run 'apt-get update', then try again" >&2
    exit 1
}
(cd "$scratch/packages" && "${apt[@]}" download "${packages[@]}")
unpack

postgres=$(cd "$scratch/root/usr/lib/postgresql" && ls)
"$here/carve.sh" "$scratch/root" "$scratch/web" usr/sbin/nginx etc/nginx/mime.types
"$here/carve.sh" "$scratch/root" "$scratch/database" bin/busybox \
    "usr/lib/postgresql/$postgres/bin/"{postgres,initdb,psql,pg_isready,pg_dump,pg_restore,pgbench,pg_amcheck} \
    "usr/lib/postgresql/$postgres/lib" "usr/share/postgresql/$postgres" usr/share/zoneinfo/Etc/UTC

for link in sh test cat; do ln -s busybox "$scratch/database/usr/bin/$link"; done
ln -s "/usr/lib/postgresql/$postgres/bin" "$scratch/database/usr/lib/postgresql/bin"

pack() { # NAME: written beside, then renamed, so that a cut-off run leaves no half archive
    tar --create --file "$destination/$1.part" --sort=name --numeric-owner --owner=0 --group=0 --mtime=@0 \
        -C "$scratch/$1" .
    mv "$destination/$1.part" "$destination/$1.tar"
}
pack web
pack database
