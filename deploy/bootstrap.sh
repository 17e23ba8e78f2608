#!/usr/bin/env bash
# bootstrap.sh: makes a Debian host follow a customer repo with Fairlead; safe to run again. `--help` tells how,
# docs/bootstrap.md more.
# The brace is closed in the last line: Bash executes nothing of a download that was cut off before it.
# The script itself may be standard input, so nothing in here reads that.
# shellcheck disable=SC2317 # functions that 'step' and 'trap' call
{
set -euo pipefail
readonly etc=/etc/fairlead
readonly configuration=$etc/config.json
readonly key_pattern='(ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+ AAAA'

usage() {
    cat <<'HELP'
bootstrap.sh --repo URL [--host NAME] [--package URL|FILE|DIR] [option ...]
bootstrap.sh --uninstall

Checks this host, installs Fairlead, makes its keys, writes /etc/fairlead/config.json, and follows the first deployment
until it is healthy. Needs root, and Debian 12 or 13. It can be run again at any time, and goes on where it was.

    ssh root@HOST 'bash -s' -- --repo URL --host NAME <bootstrap.sh
    curl -fsSL https://…/bootstrap.sh | bash -s -- --repo URL --host NAME

  --repo URL             the customer repo: ssh://git@HOST/PATH, git@HOST:PATH or https://HOST/PATH; without it, an
                         existing configuration stays and is used
  --branch NAME          the branch that is deployed (main)
  --host NAME            the name of this host in the customer repo, as in hosts/NAME.json (the system's name)
  --interval DURATION    between two looks at the repo (60s)
  --package WHERE        Fairlead's package: an address, a file, or a directory with it and, if you like, with packages
                         that it needs; without it, 'fairlead' from the apt sources of this host
  --sha256 DIGEST        of the package; else that of the SHA256SUMS beside it counts
  --signed-by KEY        'ssh-ed25519 AAAA…' of who builds the packages: SHA256SUMS.sig beside SHA256SUMS has to be theirs
  --host-key KEY         of the git host: 'SHA256:…', a line of known_hosts, or 'accept' to take what it shows
  --signers WHO          who has to sign the commits that are deployed: a file of allowed signers of ssh-keygen, one such line
                         ('ada@example.com ssh-ed25519 AAAA…'), or a keyring of gpg; copied to /etc/fairlead/allowed_signers
  --anchor COMMIT        the full id of a commit that the branch has to contain for ever; the tip, where it is left out
  --username NAME        for https://, with the token; the token is read from the environment (FAIRLEAD_GIT_TOKEN) or:
  --token-file FILE      a file with the token, which is copied to /etc/fairlead/token
  --ca-file FILE         certificates to trust for https://, copied to /etc/fairlead/ca.pem
  --proxy URL            the web proxy, http://HOST:PORT, for https:// repos, registries and storages; apt has its own setting
  --no-proxy LIST        hosts and networks that are reached directly: registry.example.com,10.0.0.0/8
  --proxy-user NAME      for a proxy that wants a login, with:
  --proxy-password-file FILE
                         its password, which is copied to /etc/fairlead/proxy-password
  --wait DURATION        how long to wait for keys, secrets and the host's entry to be in place (15m; 0 looks once)
  --adopt                take over data that were copied from another machine, or its disk: it must not run the stack now
  --hold                 deploy nothing until 'fairlead resume', so that data can be brought first: 'fairlead import'
  --no-pin               do not wait until the host's entry has the key of this machine: another one of its name could run
                         the stack too
  --force                replace a configuration or host key that differs; take an older package
  --dry-run              check, say what would be done, change nothing
  --uninstall            remove containers, package and settings; data, journal and keys stay

Exit status: 0 done, 1 failed, 2 something has to be put in place elsewhere first, 64 wrong arguments.
HELP
}

main() {
    set -E
    umask 077
    export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    trap 'unexpected "$LINENO" "$BASH_COMMAND"' ERR
    set_defaults
    take_environment
    parse "$@"
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    if [ "$uninstalling" = yes ]; then uninstall; else bootstrap "$@"; fi
}

# Of some only collect_arguments asks, by the name of the option.
# shellcheck disable=SC2034
set_defaults() {
    repo='' branch='' host='' interval='' package='' sha256='' signed_by='' host_key=''
    proxy='' no_proxy_list='' proxy_user='' proxy_password_file=''
    signers='' anchor=''
    username='' token_file='' ca_file='' wait=900 force=no pinning=yes adopting=no holding=no dry_run=no uninstalling=no
    problems=() warnings=() debs=() arguments=()
}

# Nothing of it may reach the programs that are started here.
take_environment() {
    local name
    token=${FAIRLEAD_GIT_TOKEN:-}
    for name in "${!FAIRLEAD_@}"; do unset "$name"; done
}

bootstrap() { # ARGUMENT...
    remember_line "$@"
    printf 'Fairlead on %s\n' "$(hostname)"
    check
    [ "$dry_run" = yes ] || lock
    install_package
    set_up
    follow_deployment
    tell_where
}

# --- Words

say() { printf '%s\n' "$*"; }
note() { printf '    %s\n' "$@"; }
indented() { sed 's/^/    /'; }

die() { # WHAT WHAT-TO-DO...
    printf 'failed: %s\n' "$1" >&2
    shift
    [ "$#" = 0 ] || printf '    -> %s\n' "$@" >&2
    exit 1
}

unexpected() { # LINE COMMAND
    trap - ERR
    [ "$BASHPID" = "$$" ] || exit 1
    die "line $1: '$2'" 'nothing of this host was lost; look at the message above, then run the same line again'
}

usage_error() {
    printf 'bootstrap.sh: %s\n' "$1" "'--help' lists the options" >&2
    exit 64
}

# Does it, or only says what it would do.
step() { # WORDS COMMAND...
    local words=$1
    shift
    if [ "$dry_run" = yes ]; then
        say "would $words"
    else
        say "- $words"
        "$@"
    fi
}

# How this script was called, without a secret: it takes none as an argument. Where ssh ran it without a terminal, it came
# from the machine that the operator sits at, and so has the next line to.
remember_line() { # ARGUMENT...
    local script=${BASH_SOURCE[0]:-} place
    if [ -f "$script" ]; then line="bash $(printf '%q ' "$script" "$@")"; else line="bash -s -- $(quoted "$@")<bootstrap.sh"; fi
    line=${SUDO_USER:+sudo }$line
    [ ! -f "$script" ] && [ -n "${SSH_CONNECTION:-}" ] && [ -z "${SSH_TTY:-}" ] || return 0
    read -r _ _ place _ <<<"$SSH_CONNECTION"
    line="ssh ${SUDO_USER:-$(id -un)}@$place $line"
}

quoted() { [ "$#" = 0 ] || printf '%q ' "$@"; }

# Ends here until somebody has put something in place.
pause() { # FURTHER-ARGUMENTS...
    say
    say 'Then go on with:'
    note "${line%%<*}$(quoted "$@")${line#"${line%%<*}"}"
    exit 2
}

# --- Arguments

parse() {
    while [ "$#" -gt 0 ]; do
        case $1 in
            --help | -h) usage && exit 0 ;;
            --force) force=yes ;;
            --adopt) adopting=yes ;;
            --no-pin) pinning=no ;;
            --hold) holding=yes ;;
            --dry-run) dry_run=yes ;;
            --uninstall) uninstalling=yes ;;
            --repo | --branch | --host | --interval | --package | --sha256 | --signed-by | --host-key | --username | --token-file \
                | --ca-file | --signers | --anchor | --wait | --proxy | --no-proxy | --proxy-user | --proxy-password-file)
                { [ "$#" -gt 1 ] && [ -n "$2" ]; } || usage_error "'$1' needs a value"
                set_option "${1#--}" "$2"
                # ssh takes the quotes away from 'ssh-ed25519 AAAA…'.
                if [[ $1 =~ ^--(host-key|signed-by)$ && $2 =~ ^(ssh|ecdsa)-[a-z0-9-]+$ ]] && [ "$#" -gt 2 ]; then
                    set_option "${1#--}" "$2 $3"
                    shift
                fi
                if [ "$1" = --signers ] && [ "$#" -gt 3 ] && [[ $3\ $4 =~ $key_pattern ]]; then
                    set_option signers "$2 $3 $4"
                    shift 2
                fi
                shift
                ;;
            *) usage_error "there is no option '$1'" ;;
        esac
        shift
    done
    validate_arguments
}

set_option() { # NAME VALUE
    [[ $2 != *[[:cntrl:]]* ]] || usage_error "the value of '--$1' has a control character in it"
    printf -v "$(variable_of "$1")" '%s' "$2"
}

# 'no_proxy' itself is read by programs that are started here.
variable_of() { if [ "$1" = no-proxy ]; then echo no_proxy_list; else echo "${1//-/_}"; fi; } # OPTION

validate_arguments() {
    [ -n "$repo" ] || [ -z "$branch$host$interval" ] || usage_error "'--branch', '--host' and '--interval' go with '--repo'"
    [ -n "$branch" ] || branch=main
    [ -n "$host" ] || host=$(hostname --short 2>/dev/null || hostname)
    wait=$(seconds "$wait") || usage_error "'--wait' is a duration, such as 90s, 15m or 2h"
    [[ $host =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || usage_error "'$host' is no name of a host"
    [ -z "$interval" ] || seconds "$interval" >/dev/null || usage_error "'--interval' is a duration, such as 60s"
    [ -z "$sha256" ] || [[ $sha256 =~ ^[0-9a-f]{64}$ ]] || usage_error "'--sha256' is 64 digits of 0-9 and a-f"
    [ -z "$sha256" ] || [ -n "$package" ] || usage_error "'--sha256' goes with '--package'"
    [ -z "$signed_by" ] || [[ $signed_by =~ ^(ssh|ecdsa)-[a-z0-9-]+\ AAAA[A-Za-z0-9+/=]+$ ]] \
        || usage_error "'--signed-by' is a public key such as 'ssh-ed25519 AAAA…'"
    [ -z "$signed_by" ] || { [ -n "$package" ] && [ -z "$sha256" ]; } \
        || usage_error "'--signed-by' goes with '--package', and without '--sha256'"
    validate_signers
    validate_proxy
    [ -z "$repo" ] || parse_repo
    [ -z "$token_file$username$token" ] || [ "$uninstalling" = yes ] || [ "${scheme:-}" = https ] \
        || usage_error 'a user name and a token go with a --repo https://…'
}

validate_signers() {
    [ -n "$repo" ] || [ -z "$signers$anchor" ] || usage_error "'--signers' and '--anchor' go with '--repo'"
    [ -n "$signers" ] || [ -z "$anchor" ] || usage_error "'--anchor' goes with '--signers'"
    [ -z "$anchor" ] || [[ $anchor =~ ^[0-9a-f]{40}$ ]] || usage_error "'--anchor' is the full id of a commit: 40 digits of 0-9 and a-f"
}

validate_proxy() {
    [ -n "$proxy" ] || [ -z "$no_proxy_list$proxy_user$proxy_password_file" ] \
        || usage_error "'--no-proxy', '--proxy-user' and '--proxy-password-file' go with '--proxy'"
    [ -n "$proxy" ] || return 0
    [ -n "$repo" ] || usage_error "'--proxy' goes with '--repo'"
    [[ $proxy != *@* ]] || usage_error "a password in '--proxy' could be seen by others; use '--proxy-password-file'"
    [[ $proxy =~ ^http://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})/?$ ]] \
        || usage_error "'--proxy' is of the form http://HOST:PORT"
    proxy_host=${BASH_REMATCH[1]//[\[\]]/} proxy_port=${BASH_REMATCH[2]}
    [ -z "$proxy_password_file" ] || [ -n "$proxy_user" ] || usage_error "'--proxy-password-file' goes with '--proxy-user'"
    [[ $proxy_user =~ ^[^:[:space:]]*$ ]] || usage_error "'$proxy_user' is no name of a user of a proxy"
}

seconds() { # DURATION
    [[ $1 =~ ^([0-9]{1,6})(s|m|h|)$ ]] || return 1
    local count=$((10#${BASH_REMATCH[1]}))
    case ${BASH_REMATCH[2]} in
        h) echo $((count * 3600)) ;;
        m) echo $((count * 60)) ;;
        *) echo "$count" ;;
    esac
}

parse_repo() {
    local rest
    server='' port=''
    case $repo in
        /*) scheme='file' ;;
        ssh://*/* | https://*/*)
            scheme=${repo%%:*} rest=${repo#*://}
            [[ ${rest%%/*} != *:*@* ]] || usage_error "a password in '--repo' could be seen by others; use '--token-file'"
            split_authority "${rest%%/*}"
            ;;
        *://*) usage_error "'--repo' is ssh://…, git@HOST:PATH, https://… or a directory of this host" ;;
        *:*) scheme=ssh && split_authority "${repo%%:*}" ;;
        *) usage_error "'--repo' is ssh://…, git@HOST:PATH, https://… or a directory of this host" ;;
    esac
    [ -n "$port" ] || if [ "$scheme" = https ]; then port=443; else port=22; fi
}

split_authority() { # [USER@]HOST[:PORT]
    server=${1##*@}
    if [[ $server =~ ^\[?([0-9A-Za-z._-]+|[0-9a-fA-F:]+\])(:([0-9]+))?$ ]]; then
        port=${BASH_REMATCH[3]} server=${BASH_REMATCH[1]%]}
    else
        usage_error "'$1' in '--repo' is no host"
    fi
}

# --- Checks: all before the first change

problem() { problems+=("$1" "$2"); }
warning() { warnings+=("$1" "$2"); }

check() {
    check_root
    check_system
    check_memory
    check_disk
    check_clock
    check_kernel
    check_cgroups
    check_ports
    check_containers
    check_git_host
    check_files
    check_configuration
    find_package
    report_checks
}

report_checks() {
    local index
    for ((index = 0; index < ${#warnings[@]}; index += 2)); do
        say "warning: ${warnings[index]}"
        note "-> ${warnings[index + 1]}"
    done
    if [ "${#problems[@]}" = 0 ]; then
        say '- checked: this host is fit'
        return
    fi
    for ((index = 0; index < ${#problems[@]}; index += 2)); do
        say "problem: ${problems[index]}" >&2
        note "-> ${problems[index + 1]}" >&2
    done
    die "$((${#problems[@]} / 2)) of the checks; nothing was changed" 'fix them, then run the same line again'
}

check_root() { [ "$(id -u)" = 0 ] || problem 'not run as root' "log in as root, or run it with 'sudo bash'"; }

check_system() {
    local system architecture
    # shellcheck disable=SC1091 # of the host
    system=$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${VERSION_ID:-}") || true
    case $system in
        'debian 12' | 'debian 13') release=${system#* } ;;
        *) release='' && problem "this is '$system', not Debian 12 or 13" 'install Debian 12 or 13 on this host' ;;
    esac
    architecture=$(dpkg --print-architecture 2>/dev/null) || true
    case $architecture in
        amd64 | arm64) ;;
        *) problem "the architecture '$architecture' is not supported" 'take a host with amd64 (x86-64) or arm64' ;;
    esac
    [ -d /run/systemd/system ] || problem 'systemd does not run this host' 'boot it with systemd: apt-get install systemd-sysv'
}

check_memory() {
    local mebibytes
    mebibytes=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
    if [ "$mebibytes" -lt 400 ]; then
        problem "only $mebibytes MiB of memory" 'give this host 8 GiB; 512 MiB are the least'
    elif [ "$mebibytes" -lt 1800 ]; then
        warning "only $mebibytes MiB of memory" 'most stacks need more'
    fi
}

check_disk() {
    local place free
    for place in /var /srv; do
        [ -d "$place" ] || place=/
        free=$(($(df --output=avail --block-size=1M "$place" | tail -n 1)))
        if [ "$free" -lt 2048 ]; then
            problem "only $free MiB free in $place" 'make room: images and data need 2 GiB at least'
        elif [ "$free" -lt 10240 ]; then
            warning "only $free MiB free in $place" 'see that images and data find room'
        fi
    done
}

check_clock() {
    if [ "$(date +%s)" -lt 1767225600 ]; then
        problem "the clock shows $(date -u '+%F %T')" "set it: 'timedatectl set-ntp true', or 'date -s'"
    elif [ "$(timedatectl show --property=NTPSynchronized --value 2>/dev/null || true)" = no ]; then
        warning "the clock is not synchronised; it shows $(date -u '+%F %T') UTC" \
            "'timedatectl set-ntp true', after 'apt-get install systemd-timesyncd' if that fails"
    fi
}

# In namespaces that end with the look.
check_kernel() {
    [ "$(id -u)" = 0 ] || return 0
    unshare --net sh -c 'ip link add probe0 type veth peer name probe1 && ip link add probe2 type bridge' 2>/dev/null \
        || problem "the kernel ($(uname -r)) makes no network for containers" \
            'boot a kernel with network namespaces, veth and bridge, such as that of Debian'
    mkdir "$scratch"/{lower,upper,work,merged}
    unshare --mount sh -c "mount -t overlay -o lowerdir=$scratch/lower,upperdir=$scratch/upper,workdir=$scratch/work \
        overlay $scratch/merged" 2>/dev/null || overlay_in_memory \
        || problem "the kernel ($(uname -r)) has no overlay file system" 'boot a kernel that has it, such as that of Debian'
    grep -q '^Seccomp_filters' /proc/self/status \
        || warning 'the kernel has no seccomp filters' 'containers are less confined; boot a kernel that has them'
}

# The directory may lie on a file system that overlay does not take.
overlay_in_memory() {
    unshare --mount sh -c "mount -t tmpfs tmpfs $scratch/lower && cd $scratch/lower && mkdir l u w m \
        && mount -t overlay -o lowerdir=l,upperdir=u,workdir=w overlay m" 2>/dev/null
}

check_cgroups() {
    local root=/sys/fs/cgroup controller present missing=''
    present=" $(cat $root/cgroup.controllers 2>/dev/null || true) "
    for controller in cpu memory pids; do
        [[ $present == *" $controller "* ]] || [ -d "$root/$controller" ] || missing+=" $controller"
    done
    [ -z "$missing" ] || problem "the kernel offers no control groups for:$missing" \
        "boot with 'cgroup_enable=memory' on the kernel's command line"
}

# Which ports the plan needs is known later; these two are the usual ones, and a web server the usual reason.
check_ports() {
    local number holder
    for number in 80 443; do
        holder=$(ss --listening --tcp --no-header --processes --numeric "sport = :$number" 2>/dev/null \
            | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1) || true
        case $holder in
            '' | conmon | netavark | rootlessport | docker-proxy) ;;
            *) warning "'$holder' listens on port $number" "if the plan publishes that port: systemctl disable --now $holder" ;;
        esac
    done
}

check_containers() {
    local engine names
    for engine in podman docker; do
        command -v "$engine" >/dev/null || continue
        names=$("$engine" ps --all --format '{{.Names}} {{.Labels}}' 2>/dev/null \
            | grep -v 'io\.fairlead\.stack' | cut -d ' ' -f 1 | tr '\n' ' ') || true
        [ -z "${names// /}" ] \
            || warning "containers of others are here, under $engine: $names" 'Fairlead leaves them alone; remove them if nobody needs them'
    done
}

check_git_host() {
    case ${scheme:-} in
        https) if [ -n "$proxy" ]; then check_proxy; else check_server; fi ;;
        ssh) check_server ;;
        file) [ -d "$repo" ] || problem "there is no directory '$repo'" "correct '--repo'" ;;
    esac
}

# Which hosts it is not used for, and whether it lets this one through, Fairlead itself finds out.
check_proxy() {
    # shellcheck disable=SC2016 # of the inner shell
    timeout 15 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$proxy_host" "$proxy_port" 2>/dev/null \
        || problem "the web proxy '$proxy' does not answer" "check '--proxy', and the way to it"
}

check_server() {
    # shellcheck disable=SC2016 # of the inner shell
    timeout 15 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$server" "$port" 2>/dev/null \
        || problem "the git host '$server' does not answer on port $port" \
            "check the address, the DNS and the firewall: 'getent hosts $server', 'bash -c \": </dev/tcp/$server/$port\"'"
}

check_files() {
    local file
    for file in "$token_file" "$ca_file" "$proxy_password_file"; do
        [ -z "$file" ] || [ -r "$file" ] || problem "the file '$file' cannot be read" 'copy it to this host, or correct its path'
    done
}

# Whether one that is there is what the arguments ask for, 'fairlead setup' finds out.
check_configuration() { [ -n "$repo" ] || [ -f "$configuration" ] || problem 'no customer repo is named' "add '--repo URL'"; }

# --- Package

# Leaves the files to install in $debs, checked, Fairlead's first; or a problem.
find_package() {
    local file
    case $package in
        '')
            fairlead_is_installed || apt-cache show fairlead >/dev/null 2>&1 || apt_never_looked \
                || problem "the apt sources of this host have no 'fairlead'" "name the package: --package URL|FILE|DIR"
            return 0
            ;;
        http://* | https://*)
            ! is_installed_from "${package##*/}" || return 0
            download || return 0
            file=$scratch/${package##*/}
            ;;
        *) if [ -d "$package" ]; then file=$(newest_in "$package"); else file=$package; fi ;;
    esac
    if [ -z "$file" ]; then
        problem "'$package' has no fairlead_…_$(dpkg --print-architecture).deb for Debian ${release:-12 or 13}" \
            "put it there, or correct '--package'"
    elif [ ! -r "$file" ]; then
        problem "there is no package '$file'" "copy it to this host, or correct '--package'"
    elif digest_is_right "$file" && is_for_this_host "$file"; then
        # apt takes a path with a slash for a file; its own user has to read it.
        debs=("$(readlink -f "$file")")
        [ ! -d "$package" ] || mapfile -t -O 1 debs < <(find "$(readlink -f "$package")" -maxdepth 1 -name '*.deb' ! -name 'fairlead_*')
    fi
}

# Then there is nothing to download: a version is built once.
is_installed_from() { # FILE-NAME
    fairlead_is_installed && [ "$1" = "$(dpkg-query --show --showformat='fairlead_${Version}_${Architecture}.deb' fairlead)" ]
}

fairlead_is_installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' fairlead 2>/dev/null)" = installed ]; }
apt_never_looked() { [ -z "$(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null)" ]; }

newest_in() { # DIR: of this architecture and release; of no named release, where there is none
    local file best='' version newest='' architecture
    architecture=$(dpkg --print-architecture)
    for file in "$1"/fairlead_*"_$architecture.deb"; do
        version=$(dpkg-deb --field "$file" Version 2>/dev/null) || continue
        [[ $version != *~deb* || $version == *"~deb${release:-}u"* ]] || continue
        if [ -z "$best" ] || dpkg --compare-versions "$version" gt "$newest"; then best=$file newest=$version; fi
    done
    printf '%s' "$best"
}

# With apt's own helper: the only downloader that every Debian has, and apt's proxy is the right one.
fetch() { # URL FILE
    /usr/lib/apt/apt-helper -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
        -o Acquire::https::Timeout=30 download-file "$1" "$2" >"$scratch/fetch.log" 2>&1
}

download() {
    if ! fetch "$package" "$scratch/${package##*/}"; then
        problem "the package '$package' cannot be downloaded: $(sed -n 's/^E: //p' "$scratch/fetch.log" | tail -n 1)" \
            "check the address; for https:// also that 'ca-certificates' is installed; or copy the file to this host"
        return 1
    fi
    local beside
    for beside in SHA256SUMS ${signed_by:+SHA256SUMS.sig}; do
        fetch "${package%/*}/$beside" "$scratch/$beside" || rm -f "$scratch/$beside"
    done
}

# What came over a network needs a digest.
digest_is_right() { # FILE
    local sums=${1%/*}/SHA256SUMS wanted=$sha256
    [[ $1 == */* ]] || sums=SHA256SUMS
    [ -z "$signed_by" ] || signature_is_right "$sums" || return 1
    if [ -z "$wanted" ] && [ -f "$sums" ]; then
        wanted=$(awk -v name="${1##*/}" '{ sub(/^\*/, "", $2) } $2 == name { print $1; exit }' "$sums")
        [ -n "$wanted" ] || problem "'$sums' does not name '${1##*/}'" "correct it, or give '--sha256'"
    fi
    if [ -n "$wanted" ]; then
        [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "$wanted" ] && return 0
        problem "'${1##*/}' is not the package whose SHA-256 is $wanted" 'get it again; never install this one'
        return 1
    fi
    [[ $package == http* ]] || return 0
    problem "nothing says which SHA-256 '$package' has" "give '--sha256', or put SHA256SUMS beside it"
    return 1
}

# As docs/packages.md says.
signature_is_right() { # SUMS
    echo "fairlead $signed_by" >"$scratch/signers"
    if ! command -v ssh-keygen >/dev/null; then
        problem "without 'ssh-keygen' no signature can be verified" 'apt-get install openssh-client'
    elif [ ! -r "$1" ] || [ ! -r "$1.sig" ]; then
        problem "there is no 'SHA256SUMS' with 'SHA256SUMS.sig' beside '$package'" "put both there, or leave out '--signed-by'"
    elif ! ssh-keygen -Y verify -f "$scratch/signers" -I fairlead -n fairlead-release -s "$1.sig" <"$1" >/dev/null 2>&1; then
        problem "the 'SHA256SUMS' beside '$package' was not signed by the key of '--signed-by'" \
            'get both again; never install this package'
    else
        return 0
    fi
    return 1
}

is_for_this_host() { # FILE
    local name version
    name=$(dpkg-deb --field "$1" Package Architecture 2>/dev/null | sed 's/.*: //' | tr '\n' ' ')
    [ "$name" = "fairlead $(dpkg --print-architecture) " ] || {
        problem "'$1' is no package of Fairlead for this architecture" "take fairlead_…_$(dpkg --print-architecture).deb"
        return 1
    }
    version=$(dpkg-deb --field "$1" Version)
    [[ $version != *~deb* || $version == *"~deb${release:-}u"* ]] || {
        problem "'${1##*/}' was made for another Debian than $release" "take the one with '~deb${release}u'"
        return 1
    }
}

install_package() {
    local wanted='' present=''
    present=$(dpkg-query --show --showformat='${db:Status-Status} ${Version}' fairlead 2>/dev/null) || true
    [ "${#debs[@]}" = 0 ] || wanted=$(dpkg-deb --field "${debs[0]}" Version)
    if [ "$present" = "installed $wanted" ] || { [ "${#debs[@]}" = 0 ] && [ "${present% *}" = installed ]; }; then
        say "- fairlead ${present#* } is installed"
        return 0
    fi
    if [ -n "$wanted" ] && [ "${present% *}" = installed ] && [ "$force" = no ] \
        && dpkg --compare-versions "$wanted" lt "${present#* }"; then
        die "fairlead ${present#* } is installed, which is newer than $wanted" 'add --force to go back to the older one'
    fi
    step "install fairlead ${wanted:-from the apt sources}, with what it needs" apt_install
}

apt_install() {
    # An installation that was cut off is finished first.
    [ -z "$(dpkg --audit)" ] || apt_quietly dpkg --force-confold --configure --pending
    if apt_never_looked; then apt_quietly apt-get update || true; fi
    apt_attempt || { apt_quietly apt-get update && apt_attempt; } || {
        tail -n 15 "$scratch/apt.log" | indented >&2
        die 'the package could not be installed' \
            "see that this host reaches its Debian mirror ('apt-get update'); without a network," \
            'put the packages that are missing into the directory of --package'
    }
    say "  $(fairlead version) is installed"
}

# Fairlead's own recommendations, but not those of all that it needs.
apt_attempt() {
    local what=("${debs[@]}") older=()
    [ "${#what[@]}" != 0 ] || what=(fairlead)
    [ "$force" = no ] || older=(--allow-downgrades)
    chmod 0755 "$scratch"
    apt_quietly apt-get install --yes --no-install-recommends "${older[@]}" "${what[@]}" msmtp rclone
}

apt_quietly() {
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a APT_LISTCHANGES_FRONTEND=none \
        DPKG_OPTIONS=--force-confold "$@" >"$scratch/apt.log" 2>&1 </dev/null
}

# --- What Fairlead does itself, once it is installed: keys, the git host's key, a trial, configuration, service

set_up() {
    local status=0 further=()
    knows_setup || {
        [ "$dry_run" = yes ] || die "fairlead $(fairlead version) is older than this bootstrap.sh" "name a newer package with '--package'"
        say "would set this host up with 'fairlead setup' of that package: keys, the git host's key, a test, $configuration, the service"
        return 0
    }
    collect_arguments
    # Nowhere else, and never as an argument, which others could see.
    FAIRLEAD_GIT_TOKEN=$token fairlead setup "${arguments[@]}" --answer-file "$scratch/answer" || status=$?
    case $status in
        0) [ "$dry_run" = yes ] || began=$(<"$scratch/answer") ;;
        2) mapfile -t further <"$scratch/answer" && pause "${further[@]}" ;;
        64) exit 64 ;;
        *) exit 1 ;;
    esac
}

# Of an older one the help is that of all commands.
knows_setup() { [[ $(fairlead help setup 2>/dev/null) == *'USAGE: fairlead setup'* ]]; }

collect_arguments() {
    local option variable
    arguments=("--wait=${wait}s")
    [ -z "$repo" ] || arguments+=("--repo=$repo" "--branch=$branch" "--host=$host")
    for option in interval host-key signers anchor username token-file ca-file proxy no-proxy proxy-user proxy-password-file; do
        variable=$(variable_of "$option")
        [ -z "${!variable}" ] || arguments+=("--$option=${!variable}")
    done
    [ "$adopting" = no ] || arguments+=(--adopt)
    [ "$holding" = no ] || arguments+=(--hold)
    [ "$pinning" = yes ] || arguments+=(--no-pin)
    [ "$force" = no ] || arguments+=(--force)
    [ "$dry_run" = no ] || arguments+=(--dry-run)
}

# --- The first deployment

follow_deployment() {
    local status deadline=$((SECONDS + 3600))
    [ "$dry_run" = no ] || return 0
    [ "$holding" = no ] || { say "- nothing is deployed until 'fairlead resume'" && return 0; }
    say '- follow the deployment'
    journalctl --unit fairlead --cursor-file="$scratch/cursor" --since "${began%Z} UTC" --output cat --lines 0 >/dev/null 2>&1 || true
    while true; do
        status=0
        fairlead wait --since "$began" --timeout 1s >"$scratch/outcome" 2>&1 || status=$?
        show_journal
        case $status in
            0) break ;;
            3) end_with_history refused ;;
            4) end_with_history 'rolled back' ;;
            5)
                fairlead status 2>/dev/null | head -n 12 | indented >&2 || true
                die 'this host is held back, as the lines above say' \
                    "end that with 'fairlead resume', 'fairlead maintenance end' or 'fairlead adopt'"
                ;;
        esac
        [ "$SECONDS" -lt "$deadline" ] || die 'the deployment still runs after an hour' \
            "it goes on by itself; 'fairlead status' tells how it stands"
        # It waited itself, where nothing came of it yet.
        [ "$status" = 2 ] || sleep 1
    done
}

end_with_history() { # VERDICT
    fairlead history 2>/dev/null | head -n 12 | indented >&2 || true
    die "the plan was $1; data is as it was" 'fix it in the customer repo and push: this host deploys it by itself'
}

show_journal() {
    journalctl --unit fairlead --cursor-file="$scratch/cursor" --output cat --quiet 2>/dev/null | indented || true
}

tell_where() {
    [ "$dry_run" = no ] || { say 'Nothing was changed.' && return 0; }
    say
    fairlead status
    say
    cat <<'WHERE'
    configuration  /etc/fairlead/config.json, with the keys beside it: keep a copy of them in a safe place
    data           /srv/fairlead
    journal        /var/lib/fairlead: fairlead history
    logs           journalctl --unit fairlead, and /var/log/fairlead
    look           fairlead status, fairlead plan, fairlead incidents, fairlead doctor
    deploy now     systemctl reload fairlead
    remove         bootstrap.sh --uninstall
WHERE
}

# --- Uninstalling

uninstall() {
    check_root
    [ "${#problems[@]}" = 0 ] || die "${problems[0]}" "${problems[1]}"
    [ "$dry_run" = yes ] || lock
    step 'stop Fairlead' stop_service
    if fairlead_is_installed && [ -f "$configuration" ]; then
        step 'remove the containers and the network of the stack; data stays' tear_down
    fi
    if [ -n "$(dpkg-query --show fairlead 2>/dev/null)" ]; then step 'remove the package' remove_package; fi
    step "remove the settings: $configuration, known_hosts" rm -f "$configuration" "$configuration".* "$etc/known_hosts"
    say
    say 'These stay; remove them by hand when nobody needs them any more:'
    for place in /srv/fairlead /var/lib/fairlead "$etc"; do [ ! -d "$place" ] || note "$place"; done
    note "packages that came with it: 'apt-get autoremove' lists them"
}

stop_service() {
    local drop_in=/etc/systemd/system/podman.service.d/fairlead-proxy.conf
    systemctl --quiet disable --now fairlead 2>/dev/null || true
    if [ -f "$drop_in" ]; then rm -f "$drop_in" && systemctl daemon-reload; fi
    ! systemctl --quiet is-active fairlead || die 'the service does not stop' "'systemctl status fairlead' says why"
}

# Not suspended afterwards: a later installation shall deploy.
tear_down() {
    fairlead teardown --yes >"$scratch/teardown" 2>&1 || {
        indented <"$scratch/teardown" >&2
        die 'the stack could not be removed; nothing else was touched' \
            'fix what the lines above say, then run the same line again'
    }
    fairlead resume 2>/dev/null || true
}

remove_package() {
    apt_quietly apt-get purge --yes fairlead || {
        tail -n 15 "$scratch/apt.log" | indented >&2
        die 'the package could not be removed' "'apt-get purge fairlead' says why"
    }
}

lock() {
    exec {lock_descriptor}>/run/fairlead-bootstrap.lock
    flock --nonblock "$lock_descriptor" || die 'another bootstrap.sh is at work on this host' 'wait until it has ended'
}

main "$@" </dev/null; exit; }
