# health-ports.bash: asks the published ports of containers from the host, as whoever comes to it would. Part of the
# health-check job; needs common.bash, health-diagnosis.bash, port-list.bash and port-rules.bash.
#
# Settings that it needs, for each container, `-` in its name written as `_`: the array PORTS_name, of each port that is to be
# asked: its words in the plan, tcp or udp, the address of the host (empty: all of them), the host's port, the container's.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# In seconds: of one connection; and how long after its start a program may still come to listen.
readonly CONNECT_LIMIT=2 LISTEN_PATIENCE=60

# check_ports NAME: prints in one line which published port leads nobody to it. Leaves $WORK/NAME.dead where the host's
# firewall is the cause, $WORK/NAME.cut where its network is, $WORK/NAME.unheard where the container is, and beside any of them
# $WORK/NAME.half where users reach it all the same, $WORK/NAME.ruled where rules were looked at.
check_ports() {
    local -n ports=PORTS_${1//-/_}
    local index
    for ((index = 0; index < ${#ports[@]}; index += 5)); do
        [ "${ports[index + 1]}" = udp ] || check_published "$1" "${ports[@]:index:5}" || return 1
        check_rules "$1" "${ports[@]:index:5}" || return 1
    done
}

# By each family by which users come to it: the other one's rules may be gone. Where one answers, $WORK/NAME.half is left.
check_published() { # NAME WORDS tcp ADDRESS HOST-PORT CONTAINER-PORT
    local family place found text='' by='' tried=0 failed=0
    for family in 4 6; do
        comes_by "$family" "$1" "$4" || continue
        place=$(host_address "$family" "$4")
        # Nobody has a way to this host by it.
        [ -n "$place" ] || continue
        tried=$((tried + 1))
        ! found=$(check_entrance "$1" "$place" "$5" "$(inner_address "$family" "$1")" "$6") || continue
        failed=$((failed + 1)) text=${text:-$found} by=" by IPv$family"
    done
    [ "$failed" != 0 ] || return 0
    if [ "$failed" = "$tried" ]; then by=''; else : >"$WORK/$1.half"; fi
    # shellcheck disable=SC2059 # the words of check_entrance, in which nothing comes from outside
    printf "port '%s' $text" "$2" "$by"
    return 1
}

# check_entrance NAME PLACE HOST-PORT INNER-ADDRESS CONTAINER-PORT: prints what is wrong, with %s for the family.
check_entrance() {
    local answer=0
    reaches "$2" "$3" || answer=$?
    [ "$answer" != 0 ] || return 0
    if ! has_way "$4"; then
        : >"$WORK/$1.cut"
        printf 'is dead%%s: this host does not reach the container'
        return 1
    fi
    if [ "$answer" = 2 ] || check_tcp "$CONNECT_LIMIT" "$4" "$5" >/dev/null; then
        # It began to listen in between.
        ! reaches "$2" "$3" || return 0
        : >"$WORK/$1.dead"
        printf "is dead%%s: what arrives at the host's port is not led to the container"
        return 1
    fi
    ! is_recent "${started[$1]}" "$LISTEN_PATIENCE" "$NOW" || return 0
    : >"$WORK/$1.unheard"
    printf 'does not answer%%s, and %s inside does not either' "$5"
    return 1
}

comes_by() { # FAMILY NAME ADDRESS: whether users come to a port of it by IPv4 or IPv6; ADDRESS is that of the host in the plan
    case $3 in
        '') [ -n "$(inner_address "$1" "$2")" ] || [ "$1${address[$2]:-}" = 4 ] ;;
        0.0.0.0) [ "$1" = 4 ] ;;
        ::) if [ -n "${address6[$2]:-}" ]; then [ "$1" = 6 ]; else [ "$1" = 4 ]; fi ;;
        *:*) [ "$1" = 6 ] ;;
        *) [ "$1" = 4 ] ;;
    esac
}

inner_address() { # FAMILY NAME: prints that of the container
    if [ "$1" = 6 ]; then printf %s "${address6[$2]:-}"; else printf %s "${address4[$2]:-}"; fi
}

# host_address FAMILY ADDRESS: prints where a port is asked for that the plan publishes at ADDRESS. By IPv6 no way leads from
# loopback to a container.
host_address() {
    case $2 in
        '' | 0.0.0.0 | ::) if [ "$1" = 4 ]; then own_address 4 127.0.0.1; else own_address 6 ''; fi ;;
        *) printf '%s\n' "$2" ;;
    esac
}

# has_way ADDRESS: whether a link of this host leads there, and not its router: the bridge of the stack's network may be gone, down
# or without its address. Yes where that cannot be told.
has_way() {
    local way
    [ -n "$1" ] && [ "$ENGINE_IS_ELSEWHERE" = no ] || return 0
    way=$(ip -o route get "$1" 2>&1) || [[ $way == *' unreachable'* ]] || return 0
    [[ $way != *' unreachable'* && $way != *' via '* ]]
}

# Nothing answers a stray datagram, and of TCP this host itself meets other rules than whoever comes from outside: so they are
# looked at, where one of the programs that list them is there.
check_rules() { # NAME WORDS tcp|udp ADDRESS HOST-PORT CONTAINER-PORT
    local family host=$4 inner place bar tried=0
    local -A bars=()
    case $3,$host in
        tcp,127.* | tcp,::1) return 0 ;;
        *,0.0.0.0 | *,::) host='' ;;
    esac
    for family in 4 6; do
        comes_by "$family" "$1" "$4" || continue
        inner=$(inner_address "$family" "$1")
        [ -n "$inner" ] || continue
        tried=$((tried + 1))
        place=$(where_ports_lead "$family" "$3" "$host" "$5" "$inner,${addresses[$1]:-}" "$6" <"$WORK/rules")
        bar=$(words_of_bar "$place")
        [ -n "$bar" ] || continue
        bars[$family]=$bar
        # The engine writes no rule that would let them through; the kernel parameter it sets with its rules.
        [[ $place == 'shut '* ]] || : >"$WORK/$1.dead"
    done
    [ "${#bars[@]}" != 0 ] || return 0
    : >"$WORK/$1.ruled"
    if [ "$tried" = 1 ] || [ "${bars[4]:-}" = "${bars[6]:-}" ]; then
        printf "port '%s' is dead: %s" "$2" "$bar"
    else
        print_dead "$2"
    fi
    return 1
}

# print_dead PORT: of each family in 'bars' of which there is one: the firewalls of both have rules of their own.
print_dead() {
    local family separator="port '$1' is dead by "
    for family in 4 6; do
        [ -n "${bars[$family]:-}" ] || continue
        printf '%sIPv%s: %s' "$separator" "$family" "${bars[$family]}"
        separator=', by '
    done
}

words_of_bar() { # PLACE: prints what keeps users from the container; nothing where nothing does, or none can tell
    case $1 in
        here | unknown | '') ;;
        nowhere)
            [ "$ENGINE_LEADS_BY_PROGRAM" = yes ] || printf "no rule of the host's firewall leads what arrives to the container"
            ;;
        'still '*) printf "this host forwards nothing to containers: its kernel parameter '%s' is 0" "${1#still }" ;;
        'shut '*) printf "the host's firewall shuts users out %s" "${1#shut }" ;;
        *) printf "a rule of the host's firewall leads what arrives to %s, not to the container" "$1" ;;
    esac
}

# Whether a program takes a connection; fails with 2 where this host itself holds it for nobody.
reaches() { # ADDRESS PORT
    within "$CONNECT_LIMIT" connects "$1" "$2" 2>/dev/null
}

# own_address FAMILY OTHERWISE: the host's first address that users come to, not one of a bridge to containers. By which interface the
# kernel leads to everywhere else is none, whatever its name.
own_address() {
    local found='' ways
    ways=$(ip -o "-$1" route show default 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") print $(i + 1) }') || true
    # Not one of which this host still finds out whether another one has it, or where one has.
    found=$(ip -o "-$1" address show scope global -tentative -dadfailed 2>/dev/null \
        | awk -v ways=" ${ways//$'\n'/ } " -v interfaces="$ENGINE_INTERFACES" '
            $2 == "lo" || $2 ~ /^fl-/ { next }
            !index(ways, " " $2 " ") && $2 ~ "^(veth|" interfaces ")" { next }
            { sub("/.*", "", $4); print $4; exit }') || true
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

# renew_ports: has the engine write the rules of dead ports anew; the containers run on. Not every engine has a call for that.
renew_ports() {
    local name
    for name in "${CONTAINERS[@]}"; do
        [ -e "$WORK/$name.dead" ] || continue
        [ "$ENGINE_REWRITES_RULES" = yes ] || return 0
        within "$QUESTION_LIMIT" become_engine network reload "$STACK-$name" >/dev/null 2>"$WORK/complaint" \
            || notes+=("cannot write the rules of $name's ports anew: $(one_line <"$WORK/complaint")")
        rm -f -- "$WORK/$name".{dead,unheard,cut,half,ruled}
        list_port_rules >"$WORK/rules"
        probe "$name" >"$WORK/$name.probe"
        [ -s "$WORK/$name.probe" ] || notes+=("the host led nobody to the ports of $name; the engine wrote its rules anew")
    done
}
