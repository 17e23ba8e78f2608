#!/bin/sh
# install.sh [--uninstall]: installs this portable release of Fairlead on the host, or removes it again. Containers, their
# data, the configuration and the journal are touched by neither. On Debian the package is the better choice.
set -eu
cd "$(dirname "$0")"

prefix=/usr/local
units=/etc/systemd/system
# What was installed, so that the next version and --uninstall can remove it.
list=$prefix/share/fairlead/installed

die() {
    printf 'install.sh: %s\n' "$@" >&2
    exit 1
}

put() { # MODE SOURCE TARGET
    # Renamed into place: the daemon may be running from the one before.
    install -D -m "$1" "$2" "$3.new"
    mv "$3.new" "$3"
    echo "$3" >>"$list.new"
}

put_tree() { # DIRECTORY TARGET
    find "$1" -type f | sort >"$list.tree"
    while IFS= read -r file; do put 0644 "$file" "$2/${file#"$1"/}"; done <"$list.tree"
    rm "$list.tree"
}

remove_listed() {
    [ ! -f "$list" ] || while IFS= read -r file; do rm -f "$file"; done <"$list"
    rm -f "$list"
}

reload_systemd() {
    [ ! -d /run/systemd/system ] || systemctl daemon-reload
}

check() {
    # shellcheck disable=SC2016 # for dpkg-query
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' fairlead 2>/dev/null || true)" != installed ] \
        || die "the Debian package 'fairlead' is installed" "remove it first: apt-get remove fairlead"
    ./fairlead --version >/dev/null 2>&1 || die "this binary does not run here:" \
        "$(ldd ./fairlead 2>&1 | grep 'not found' || ./fairlead --version 2>&1)" "apt-get install openssh-client libstdc++6"
}

# One program that is needed and the package that brings it.
wants() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null || missing="$missing $2"
}

name_missing() {
    missing=
    command -v docker >/dev/null || {
        wants podman "podman crun catatonit netavark aardvark-dns slirp4netns"
        wants iptables iptables
    }
    wants age age
    wants crontab cron
    wants curl curl
    wants ssh openssh-client
    wants zstd zstd
    [ -f /etc/ssl/certs/ca-certificates.crt ] || missing="$missing ca-certificates"
    [ -z "$missing" ] || echo "still needed: apt-get install --no-install-recommends$missing"
}

install_files() {
    mkdir -p "${list%/*}"
    : >"$list.new"
    put 0755 fairlead "$prefix/bin/fairlead"
    put 0644 completions/fairlead.bash "$prefix/share/bash-completion/completions/fairlead"
    put 0644 completions/fairlead.zsh "$prefix/share/zsh/site-functions/_fairlead"
    put 0644 completions/fairlead.fish "$prefix/share/fish/vendor_completions.d/fairlead.fish"
    for page in man/*; do put 0644 "$page" "$prefix/share/man/man${page##*.}/${page##*/}"; done
    put_tree share "$prefix/share/fairlead"
    put_tree doc "$prefix/share/doc/fairlead"
    sed "s|/usr/bin/fairlead|$prefix/bin/fairlead|; s|/usr/share|$prefix/share|" fairlead.service >"$list.unit"
    put 0644 "$list.unit" "$units/fairlead.service"
    rm "$list.unit"
    # An orderly reboot takes 90 s with Podman 4 without these.
    case $(podman --version 2>/dev/null || true) in
        *' 4.'*) put_tree systemd "$units" ;;
    esac
}

[ "$(id -u)" = 0 ] || die "this needs root: run it with sudo"
case ${1:-} in
    '')
        check
        install_files
        # What only the version before had.
        [ ! -f "$list" ] || grep -vxFf "$list.new" "$list" | while IFS= read -r file; do rm -f "$file"; done
        mv "$list.new" "$list"
        [ -d /etc/fairlead ] || install -d -m 0700 /etc/fairlead
        reload_systemd
        [ ! -d /run/systemd/system ] || systemctl try-restart fairlead.service
        echo "installed: $("$prefix/bin/fairlead" --version)"
        name_missing
        [ -f /etc/fairlead/config.json ] \
            || echo "next: write /etc/fairlead/config.json ($prefix/share/doc/fairlead/README.md says how)"
        ;;
    --uninstall)
        [ ! -d /run/systemd/system ] || systemctl disable --quiet --now fairlead.service 2>/dev/null || true
        remove_listed
        find "$prefix/share/fairlead" "$prefix/share/doc/fairlead" -depth -type d -empty -delete 2>/dev/null || true
        reload_systemd
        echo "removed; containers, '/etc/fairlead', '/var/lib/fairlead' and '/srv/fairlead' stay"
        ;;
    *) die "usage: install.sh [--uninstall]" ;;
esac
