# port-list.bash: lists the rules of this host's firewall for port-rules.bash: in the health-check job, and in a unit of systemd, which
# would fill in what stands in dollar and braces.

# list_port_rules: prints what each of the programs shows that are there, below the line '@PROGRAM', or '@failed PROGRAM'.
list_port_rules() {
    local program rules PATH=$PATH:/usr/sbin:/sbin
    for program in iptables ip6tables; do
        command -v "$program-save" >/dev/null || continue
        print_saved "$program"
        # It is one of two programs, which warns of rules of the other one or does not know of them: the engine may have written those.
        case $rules in
            *'legacy tables present'*) print_saved "$program-legacy" ;;
            *'(nf_tables)'*) ;;
            *) print_saved "$program-nft" ;;
        esac
    done
    # Where no interface takes packets in for others (IPv6: all of them at once), somebody reset what the engine had set.
    case $(cat /proc/sys/net/ipv4/conf/*/forwarding 2>/dev/null) in '' | *1*) ;; *) echo '@still 4 net.ipv4.ip_forward' ;; esac
    case $(cat /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null) in 0) echo '@still 6 net.ipv6.conf.all.forwarding' ;; esac
    # The engine's own tables, where it writes them without those programs.
    command -v nft >/dev/null || return 0
    if rules=$(nft --stateless --terse list ruleset 2>/dev/null); then printf '@nft\n%s\n' "$rules"; else echo '@failed nft'; fi
}

print_saved() { # PROGRAM
    if rules=$("$1-save" 2>&1); then printf '@%s\n%s\n' "$1" "$rules"; else echo "@failed $1"; fi
}
