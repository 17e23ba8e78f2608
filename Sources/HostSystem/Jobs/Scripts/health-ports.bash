# health-ports.bash: asks the published ports of containers from the host, as whoever comes to it would. Part of the
# health-check job; needs common.bash and health-diagnosis.bash.
#
# Settings that it needs, for each container, `-` in its name written as `_`: the array PORTS_name, of each port that is to be
# asked: its words in the plan, tcp or udp, the address of the host (empty: all of them), the host's port, the container's.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# In seconds: of one connection; and how long after its start a program may still come to listen.
readonly CONNECT_LIMIT=2 LISTEN_PATIENCE=60

# check_ports NAME: prints in one line which published port leads nobody to it. Leaves $WORK/NAME.dead where the host is the
# cause, $WORK/NAME.unheard where the container is.
check_ports() {
    local -n ports=PORTS_${1//-/_}
    local index
    for ((index = 0; index < ${#ports[@]}; index += 5)); do
        if [ "${ports[index + 1]}" = udp ]; then
            check_udp_rule "$1" "${ports[@]:index:5}" || return 1
        else
            check_published "$1" "${ports[@]:index:5}" || return 1
        fi
    done
}

check_published() { # NAME WORDS tcp ADDRESS HOST-PORT CONTAINER-PORT
    local answer=0
    reaches "$4" "$5" || answer=$?
    [ "$answer" != 0 ] || return 0
    if [ "$answer" = 2 ] || check_tcp "$CONNECT_LIMIT" "${address[$1]}" "$6" >/dev/null; then
        # It began to listen in between.
        ! reaches "$4" "$5" || return 0
        : >"$WORK/$1.dead"
        printf "port '%s' is dead: what arrives at the host's port is not led to the container" "$2"
        return 1
    fi
    ! is_recent "${started[$1]}" "$LISTEN_PATIENCE" || return 0
    : >"$WORK/$1.unheard"
    printf "port '%s' does not answer, and %s inside does not either" "$2" "$6"
    return 1
}

# Nothing answers a stray datagram: so the rule is looked at, where one of the programs that list rules is there.
check_udp_rule() { # NAME WORDS udp ADDRESS HOST-PORT CONTAINER-PORT
    local rules
    rules=$({ nft list ruleset || iptables-save -t nat; } 2>/dev/null) || return 0
    # Podman marks what comes from the host itself in rules of their own.
    ! grep --extended-regexp "udp .*dport $5( |\$)" <<<"$rules" | grep --quiet --invert-match MARK || return 0
    : >"$WORK/$1.dead"
    printf "port '%s' is dead: no rule of the host's firewall leads to the container" "$2"
    return 1
}

reaches() { # ADDRESS PORT: whether a program takes a connection; fails with 2 where this host itself holds it for nobody
    local place result first=''
    local -a ways=("$1")
    case $1 in
        '') mapfile -t ways < <(own_address 4 127.0.0.1 && own_address 6 ::1) ;;
        0.0.0.0) mapfile -t ways < <(own_address 4 127.0.0.1) ;;
        ::) mapfile -t ways < <(own_address 6 ::1) ;;
    esac
    for place in "${ways[@]}"; do
        result=0
        within "$CONNECT_LIMIT" connects "$place" "$2" 2>/dev/null || result=$?
        [ "$result" != 0 ] || return 0
        # What is said of the address that most come to counts.
        : "${first:=$result}"
    done
    return "${first:-1}"
}

# own_address FAMILY OTHERWISE: the host's first address that users come to, not one of a bridge to containers.
own_address() {
    local found=''
    found=$(ip -o "-$1" address show scope global 2>/dev/null \
        | awk '$2 !~ /^(fl-|podman|cni|docker|br-|veth|lo)/ { sub("/.*", "", $4); print $4; exit }') || true
    printf '%s\n' "${found:-$2}"
}

# connects ADDRESS PORT: in a process of its own.
# shellcheck disable=SC2317 # 'within' calls it
connects() {
    local inode
    exec 3<>"/dev/tcp/$1/$2" || exit 1
    inode=$(readlink "/proc/$BASHPID/fd/3")
    inode=${inode//[^0-9]/}
    # A proxy of an engine takes its connections at once, on a busy host a moment later.
    for _ in {1..4}; do
        is_untaken "$inode" || exit 0
        sleep 0.1
    done
    exit 2
}

# Podman keeps the ports of containers by sockets of its own, which accept and never answer; they are reached where the rules
# are gone. The far end of such a connection is on this host, and no program has it.
# shellcheck disable=SC2317 # 'connects' calls it
is_untaken() { # INODE
    awk -v inode="$1" '
        { gsub("0000000000000000FFFF0000", "") }
        $10 == inode { near = $2; far = $3 }
        $10 == 0 && ($4 == "01" || $4 == "03") { open[$2 " " $3] = 1 }
        END { exit !((far " " near) in open) }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# renew_ports: has the engine write the rules of dead ports anew; the containers run on. Docker has no call for that.
renew_ports() {
    local name
    for name in "${CONTAINERS[@]}"; do
        [ -e "$WORK/$name.dead" ] || continue
        [ "${ENGINE##*/}" = podman ] || return 0
        within "$QUESTION_LIMIT" become_engine network reload "$STACK-$name" >/dev/null 2>"$WORK/complaint" \
            || notes+=("cannot write the rules of $name's ports anew: $(one_line <"$WORK/complaint")")
        rm -f -- "$WORK/$name.dead" "$WORK/$name.unheard"
        probe "$name" >"$WORK/$name.probe"
        [ -s "$WORK/$name.probe" ] || notes+=("the host's firewall had no rules for the ports of $name; wrote them anew")
    done
}
