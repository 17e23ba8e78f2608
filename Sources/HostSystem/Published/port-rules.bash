# port-rules.bash: tells from the rules of this host's firewall where a published port leads whoever comes from outside, and whether
# what is led to the container is let through: this host itself meets other chains. The health-check job goes by it, and so does
# Fairlead itself: in a unit of systemd, which would fill in what stands in dollar and braces.

# list_port_rules: prints the rules of each program that has some, below the line '@PROGRAM', or '@failed PROGRAM'; nothing where there is
# no such program.
list_port_rules() {
    local program rules PATH=$PATH:/usr/sbin:/sbin
    for program in iptables ip6tables; do
        command -v "$program-save" >/dev/null || continue
        if rules=$("$program-save" 2>/dev/null); then printf '@%s\n%s\n' "$program" "$rules"; else echo "@failed $program"; fi
    done
    # The engine's own tables, where it writes them without those programs.
    command -v nft >/dev/null || return 0
    if rules=$(nft --stateless list ruleset 2>/dev/null); then printf '@nft\n%s\n' "$rules"; else echo '@failed nft'; fi
}

# where_ports_lead [FAMILY TRANSPORT HOST-ADDRESS HOST-PORT CONTAINER-ADDRESS CONTAINER-PORT]…: reads such a list and prints a line for
# each port: 'here' where what arrives is led to the container, 'nowhere', the address that it is led to instead, 'shut' and by what
# where it is led there and not let through, 'unknown'. FAMILY is 4 or 6, HOST-ADDRESS empty for each of them.
#
# The first rule that leads away counts, from the hook of what arrives on; for loopback, to which nothing arrives, from the hook of
# what this host itself sends. Only what is known for sure is told: a rule that some packets meet, such as those of one sender, or
# one with words that are not known here, may lead to the container, and leads nobody astray; it may let users through, and shuts
# nobody out.
where_ports_lead() {
    local rules
    rules=$(cat)
    while [ $# -ge 6 ]; do
        awk -v family="$1" -v transport="$2" -v host="$3" -v port="$4" -v inner="$5" -v inside="$6" "$PORT_RULES" <<<"$rules"
        shift 6
    done
}

# What it goes by lies in awk's variables; of a rule: 'fits', 'some' (only some packets meet it), 'verdict', 'goal', 'goes' (it does
# not come back from the chain that it leads to), 'strange' (nothing can be told from here on), 'engines' (it is in an engine's chain).
# First it follows what arrives, then ('forwarding') what is led to the container's address and port.
PORT_RULES=$(
    cat <<'AWK'
BEGIN {
    own = family == 6 ? "ip6tables" : "iptables"
    loops = host ~ /^127\./ || host == "::1"
    quote = sprintf("%c", 39)
}
/^@failed/ { failed = failed || $2 == own || $2 == "nft"; next }
/^@/ {
    part = substr($0, 2)
    section = "nat"
    known = known || part == own || part == "nft"
    legacy = legacy || part != "nft"
    next
}
{ gsub(/"[^" ]* [^"]*"/, "text"); gsub(/"/, "") }
part == "nft" { take_nft(); next }
part != own { next }
# Somebody filled it by nft, with what this program cannot show.
/^# Table .(nat|filter). is incompatible/ { failed = 1 }
/^\*/ { section = substr($1, 2); next }
section !~ /^(nat|filter)$/ { next }
/^:/ { begin(own " " section, substr($1, 2)); policy_of[current] = $2; next }
/^-A / { add(own " " section SUBSEP $2) }
END {
    if (!known || failed) { print "unknown"; exit }
    found = "nowhere"
    hooks = with_own(hook, hooks, "nat", loops ? "OUTPUT" : "PREROUTING")
    for (h = 1; h <= hooks && found != "here"; h++) {
        result = follow(hook[h], 0)
        if (result == "here" || (result == "unknown" || found == "nowhere") && result != "") found = result
    }
    if (found == "here" && !loops) {
        forwarding = 1
        gates = with_own(gate, gates, "filter", "FORWARD")
        for (h = 1; h <= gates && found == "here"; h++) {
            result = follow(gate[h], 0)
            if (result == "" && tolower(policy_of[gate[h]]) == "drop") result = "shut by the policy of " words_of(gate[h]) ", DROP"
            if (result ~ /^shut /) found = result
        }
    }
    print found
}

function with_own(list, count, section, chain) {
    if ((own " " section, chain) in size_of) list[++count] = own " " section SUBSEP chain
    return count
}

# Of a chain, for people.
function words_of(chain,   parts) {
    split(chain, parts, SUBSEP)
    return "chain " parts[2] (sub(/^nft /, "", parts[1]) ? " of table " parts[1] : "")
}

function begin(table, name) {
    current = table SUBSEP name
    table_of[current] = table
    size_of[current] = 0
}

function add(chain) { rule[chain, ++size_of[chain]] = $0 }

function take_nft() {
    if ($1 == "#") return
    if ($1 == "table") {
        table = "nft " $2 " " $3
        # Those that iptables wrote have been read already.
        skips = (legacy && $2 != "inet" && $3 ~ /^(nat|filter)$/) || ($2 != "inet" && $2 != (family == 6 ? "ip6" : "ip"))
    }
    if (skips || NF < 2) return
    if ($1 == "chain") begin(table, $2)
    else if ($1 == "type" && $2 == "nat") { if ($4 == (loops ? "output" : "prerouting")) hook[++hooks] = current }
    else if ($1 == "type" && $2 == "filter") {
        if ($4 == "forward") gate[++gates] = current
        if (/policy drop/) policy_of[current] = "drop"
    }
    else if ($NF == "{") current = ""
    else if (current != "") add(current)
}

# What becomes of a packet in the rules of a chain; empty: it goes on.
function follow(chain, depth,   i, result, target, partial, leaves) {
    if (depth > 20) return "unknown"
    for (i = 1; i <= size_of[chain]; i++) {
        count = split(rule[chain, i], word, " ")
        fits = 1
        some = goes = strange = 0
        verdict = goal = ""
        engines = chain ~ /NETAVARK|netavark|CNI-|DOCKER/
        if (table_of[chain] ~ /^nft /) read_nft(); else read_iptables()
        if (strange) return "unknown"
        if (!fits || verdict == "") continue
        target = table_of[chain] SUBSEP verdict
        partial = some
        if (target in size_of) {
            leaves = goes
            result = follow(target, depth + 1)
            if (leaves && result == "") { if (partial) return "unknown"; return "" }
        }
        else if (goal != "") result = leads_to(goal)
        else if (verdict ~ /^(ACCEPT|DROP|REJECT)$/) result = !forwarding ? "nowhere" : verdict == "ACCEPT" ? "open" : shut(chain, i)
        else if (verdict == "RETURN") { if (partial) return "unknown"; return "" }
        else if (verdict ~ /^(MARK|CONNMARK|LOG|NFLOG|TRACE|SET|TCPMSS|CHECKSUM|AUDIT)$/) continue
        else return "unknown"
        if (result ~ /^(here|open|unknown)$/ || (result != "" && !partial)) return result
    }
    return ""
}

function shut(chain, i,   text) {
    text = rule[chain, i]
    gsub(/^[ \t]+/, "", text)
    return "shut by rule " quote substr(text, 1, 200) quote (text ~ /^-A / ? "" : " in " words_of(chain))
}

function read_iptables(   i, not, name) {
    for (i = 3; i <= count && verdict == ""; i++) {
        name = word[i]
        if (name == "!") { not = 1; continue }
        if (name == "-j" || name == "-g") { verdict = word[++i]; goes = name == "-g" }
        else if (name == "-p") protocol(word[++i], not)
        else if (name == "-m" || name == "--comment") i++
        else if (name == "--dport" || name == "--dports") { if (has_port(word[++i]) == not) fits = 0 }
        else if (name == "-d") destination(word[++i], not)
        else if (name == "--dst-type") { if ((tolower(word[++i]) == (forwarding ? "unicast" : "local")) == not) fits = 0 }
        else if (name == "--ctstate" || name == "--state") state(tolower(word[++i]), not)
        else if (name == "-i") arrives(word[++i], not)
        else if (name == "-o") departs(word[++i], not)
        else if (name == "-s") { i++; sender(not) }
        else if (name ~ /^-/) some = 1
        not = 0
    }
    for (; i < count; i++) if (word[i] == "--to-destination") goal = word[i + 1]
    if (verdict == "REDIRECT") goal = "this host"
}

function read_nft(   text, name) {
    for (at = 1; at <= count && verdict == ""; at++) {
        name = word[at] (word[at] ~ /^(fib|udp|tcp|sctp|th|ip|ip6|meta|ct)$/ ? " " word[++at] : "")
        if (name == "fib daddr") {
            strange = strange || word[++at] != "type"
            text = value()
            if ((text == (forwarding ? "unicast" : "local")) == not_equal) fits = 0
        }
        else if (name ~ / dport$/) {
            if (name !~ /^th/) protocol(substr(name, 1, index(name, " ") - 1), 0)
            text = value()
            if (has_port(text) == not_equal) fits = 0
        }
        else if (name == "meta l4proto" || name == "ip protocol" || name == "ip6 nexthdr") { text = value(); protocol(text, not_equal) }
        else if (name == "meta nfproto") { text = value(); if ((text == "ipv" family) == not_equal) fits = 0 }
        else if (name ~ /^ip6? /) {
            if ((name ~ /^ip6/) != (family == 6)) fits = 0
            text = value()
            if (name ~ / daddr$/) destination(text, not_equal); else if (name ~ / saddr$/) sender(not_equal); else some = 1
        }
        else if (name == "iifname" || name == "iif") { text = value(); arrives(text, not_equal) }
        else if (name == "oifname" || name == "oif") { text = value(); departs(text, not_equal) }
        else if (name == "ct state" || name == "ct status") { text = value(); state(text, not_equal) }
        else if (name == "jump" || name == "goto") { verdict = word[at + 1]; goes = name == "goto" }
        else if (name ~ /^(accept|drop|reject|return)$/) verdict = toupper(name)
        else if (name == "redirect") { verdict = "DNAT"; goal = "this host" }
        else if (name == "dnat") {
            verdict = "DNAT"
            if (word[at + 1] ~ /^ip6?$/ && (word[at + 1] == "ip6") != (family == 6)) fits = 0
            while (at < count && word[at] != "to") at++
            goal = word[at + 1]
            # One that depends on a map.
            strange = strange || goal !~ /^[0-9a-f\[][0-9a-f.:\[]/
        }
        else if (name ~ /^(vmap|queue|tproxy|dup|fwd)$/) strange = 1
        else if (name ~ /^(comment|prefix|packets|bytes)$/) at++
        else if (name !~ /^(counter|log)$/) some = 1
    }
}

# The next word of a rule of nft, or its whole set; whether it stands behind '!=' is left in 'not_equal'.
function value(   text) {
    not_equal = word[at + 1] == "!="
    if (not_equal) at++
    text = word[++at]
    if (text == "{") while (at < count && word[at] != "}") text = text word[++at]
    # Several fields at once, a named set, a map, a mask.
    if (text ~ /^[.@&|]|map$/) strange = 1
    return text
}

# A port, a range, or several of them.
function has_port(text,   parts, ends, i, n, wanted) {
    wanted = (forwarding ? inside : port) + 0
    gsub(/[{} ]/, "", text)
    if (text !~ /^[0-9][0-9:,-]*$/) strange = 1
    n = split(text, parts, ",")
    for (i = 1; i <= n; i++) {
        if (split(parts[i], ends, /[:-]/) < 2) ends[2] = ends[1]
        if (wanted >= ends[1] + 0 && wanted <= ends[2] + 0) return 1
    }
    return 0
}

function protocol(text, not) {
    if (text ~ /^(udp|tcp|sctp|udplite|dccp|icmp|icmpv6|ipv6-icmp|igmp|esp|ah|gre)$/) { if ((text == transport) == not) fits = 0 }
    else if (text != "all") some = 1
}

# What comes begins a connection, and has been led by then.
function state(text, not) {
    if (text !~ /^[{a-z,}]*$/ || text ~ /assured|confirmed|seen-reply|expected|dying/) some = 1
    else if ((text ~ /new/ || (forwarding && text ~ /dnat/)) == not) fits = 0
}

# Of the senders that an engine's rules name, each is a network of containers.
function sender(not) { if (engines && !not) fits = 0; else some = 1 }

# Users come by no bridge to containers: Docker's rules leave out what comes from its own.
function arrives(interface, not) {
    if (interface !~ /^(fl-|podman|cni|docker|br-|veth|lo$)/) some = 1
    else if (!not) fits = 0
}

# What is led to a container leaves by a bridge.
function departs(interface, not) {
    if (interface ~ /^fl-[+*]$/) { if (not) fits = 0 }
    else if (interface ~ /^(fl-|podman|cni|docker|br-|veth|\{|[+*])/) some = 1
    else if (!not) fits = 0
}

function destination(text, not,   parts, size, place) {
    place = forwarding ? inner : host
    if (split(text, parts, "/") < 2) parts[2] = family == 6 ? 128 : 32
    # It may be one of many, or a set, a range, an odd mask.
    if (place == "" || text ~ /[{-]/ || parts[2] !~ /^[0-9]+$/ || (family == 6 && parts[2] < 128)) { some = 1; return }
    size = 2 ^ (32 - parts[2])
    if ((parts[1] == place || (family == 4 && int(number(parts[1]) / size) == int(number(place) / size))) == not) fits = 0
}

# Of an address of IPv4.
function number(text,   parts) {
    split(text, parts, ".")
    return ((parts[1] * 256 + parts[2]) * 256 + parts[3]) * 256 + parts[4]
}

# 'ADDRESS', 'ADDRESS:PORT', 'ADDRESS:FIRST-LAST', 'ADDRESS:FIRST-LAST/BASE', an address of IPv6 with a port in brackets.
function leads_to(goal,   place, ports, ends, parts, n) {
    place = goal
    if (goal ~ /^\[/) { place = substr(goal, 2, index(goal, "]") - 2); ports = substr(goal, index(goal, "]") + 2) }
    else if (family == 4 && (n = index(goal, ":"))) { place = substr(goal, 1, n - 1); ports = substr(goal, n + 1) }
    if (place != inner) return goal
    if (ports == "") return port + 0 == inside + 0 ? "here" : goal
    n = split(ports, parts, "/")
    if (split(parts[1], ends, "-") < 2) return ends[1] + 0 == inside + 0 ? "here" : goal
    if (n == 2) return ends[1] + port - parts[2] == inside + 0 ? "here" : goal
    return inside + 0 >= ends[1] + 0 && inside + 0 <= ends[2] + 0 ? "here" : goal
}
AWK
)
readonly PORT_RULES
