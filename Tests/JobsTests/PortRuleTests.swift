import Model
import Testing

@testable import Jobs

@Suite("S: rules are read that lead whoever comes from outside to a container, and that let them through")
struct PortRuleTests {
    /// As iptables-save of Netavark's rules.
    private static let netavark = """
        @iptables
        *nat
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :NETAVARK-DN-1 - [0:0]
        :NETAVARK-HOSTPORT-DNAT - [0:0]
        :NETAVARK-HOSTPORT-SETMARK - [0:0]
        -A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT
        -A OUTPUT -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT
        -A NETAVARK-DN-1 -s 10.89.0.0/24 -p udp -m udp --dport 53 -j NETAVARK-HOSTPORT-SETMARK
        -A NETAVARK-DN-1 -p udp -m udp --dport 53 -j DNAT --to-destination 10.89.0.2:5353
        -A NETAVARK-DN-1 -p udp -m udp --dport 8000:8003 -j DNAT --to-destination 10.89.0.2:9000-9003/8000
        -A NETAVARK-DN-1 -d 192.0.2.7/32 -p udp -m udp --dport 77 -j DNAT --to-destination 10.89.0.2:77
        -A NETAVARK-HOSTPORT-DNAT -p udp -m udp --dport 53 -m comment --comment "dnat name: --dport 7" -j NETAVARK-DN-1
        -A NETAVARK-HOSTPORT-DNAT -p udp -m udp --dport 8000:8003 -j NETAVARK-DN-1
        -A NETAVARK-HOSTPORT-DNAT -d 192.0.2.7/32 -p udp -m udp --dport 77 -j NETAVARK-DN-1
        -A NETAVARK-HOSTPORT-SETMARK -j MARK --set-xmark 0x2000/0x2000
        COMMIT

        """
    /// As iptables-save shows what Netavark does for a TCP port, whose answers alone it lets through where others are dropped.
    private static let forwarding = """
        @iptables
        *mangle
        :FORWARD DROP [0:0]
        COMMIT
        *filter
        :INPUT DROP [0:0]
        :FORWARD ACCEPT [0:0]
        :NETAVARK_FORWARD - [0:0]
        -A FORWARD -m comment --comment "netavark firewall plugin rules" -j NETAVARK_FORWARD
        -A NETAVARK_FORWARD -d 10.89.0.0/24 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A NETAVARK_FORWARD -s 10.89.0.0/24 -j ACCEPT
        COMMIT
        *nat
        :PREROUTING ACCEPT [0:0]
        :NETAVARK-DN-1 - [0:0]
        -A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-DN-1
        -A NETAVARK-DN-1 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.89.0.2:8080
        COMMIT

        """
    /// As `nft list ruleset` shows the rules that a newer Netavark writes itself.
    private static let nft = """
        @nft
        table inet netavark {
        \tchain INPUT {
        \t\ttype filter hook input priority filter; policy accept;
        \t\tip saddr 10.89.0.0/24 udp dport 5353 accept
        \t}
        \tchain PREROUTING {
        \t\ttype nat hook prerouting priority dstnat; policy accept;
        \t\tfib daddr type local jump NETAVARK-HOSTPORT-DNAT
        \t}
        \tchain NETAVARK-HOSTPORT-DNAT {
        \t\tudp dport 53 jump nv_1_dnat
        \t\tudp dport 8000-8003 jump nv_1_dnat
        \t}
        \tchain NETAVARK-HOSTPORT-SETMARK {
        \t\tmeta mark set meta mark | 0x00002000
        \t}
        \tchain nv_1_dnat {
        \t\tip saddr 10.89.0.0/24 udp dport 53 jump NETAVARK-HOSTPORT-SETMARK
        \t\tudp dport 53 dnat ip to 10.89.0.2:5353
        \t\tudp dport 53 dnat ip6 to [fd00::2]:5353
        \t\tudp dport { 8000, 8001-8003 } dnat ip to 10.89.0.2:8000-8003
        \t}
        }

        """
    private static let docker = """
        @iptables
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :DOCKER - [0:0]
        -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
        -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
        -A DOCKER -i br-2f6c1d0a94be -j RETURN
        -A DOCKER ! -i br-2f6c1d0a94be -p udp -m udp --dport 53 -j DNAT --to-destination 10.89.0.2:5353

        """

    /// Where it leads of which a rule of the list says so; `container` has the addresses `10.89.0.2` and `fd00::2`.
    private func place(
        of port: String, in list: String, by family: AddressFamily = .ipv4, container: String? = nil
    ) async throws -> String? {
        let entrance = PublishedPort(try #require(PortMapping(port)), by: family)
        let rule = PortRule(entrance, to: container ?? (family == .ipv4 ? "10.89.0.2" : "fd00::2"))
        return try await PortRuleReader.places(of: [rule], in: Array(list.utf8)).first
    }

    /// `list` with `rule` before the first of those of Netavark on what arrives.
    private func netavark(after rule: String) -> String {
        Self.netavark.replacing("-A PREROUTING", with: "-A PREROUTING \(rule)\n-A PREROUTING")
    }

    @Test(
        "a rule that leads to the container counts, whoever wrote it: of its port, its address, its family and its hook"
    )
    func here() async throws {
        let lists = [Self.netavark, Self.nft, Self.docker]
        for list in lists { #expect(try await place(of: "53:5353/udp", in: list) == "here", "\(list)") }
        #expect(try await place(of: "127.0.0.1:53:5353/udp", in: Self.netavark) == "here")
        #expect(try await place(of: "192.0.2.7:77:77/udp", in: Self.netavark) == "here")
        #expect(try await place(of: "192.0.2.8:77:77/udp", in: Self.netavark) == "nowhere")
        #expect(try await place(of: "8002:9002/udp", in: Self.netavark) == "here")
        #expect(try await place(of: "8002:8002/udp", in: Self.nft) == "here")
        #expect(try await place(of: "53:5353/udp", in: Self.nft, by: .ipv6) == "here")
        // Nobody could list the rules of that family.
        #expect(try await place(of: "53:5353/udp", in: Self.netavark, by: .ipv6) == "unknown")
        #expect(try await place(of: "53:5353/udp", in: "") == "unknown")
    }

    @Test("a rule to another target, one that nothing jumps to, and one behind another that leads away are dead")
    func dead() async throws {
        #expect(try await place(of: "53:5353/udp", in: Self.netavark, container: "10.89.0.9") == "10.89.0.2:5353")
        #expect(try await place(of: "53:53/udp", in: Self.netavark) == "10.89.0.2:5353")
        #expect(try await place(of: "8002:9001/udp", in: Self.netavark) == "10.89.0.2:9000-9003/8000")
        #expect(try await place(of: "54:54/udp", in: Self.netavark) == "nowhere")
        let jump = "-A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT\n"
        #expect(try await place(of: "53:5353/udp", in: Self.netavark.replacing(jump, with: "")) == "nowhere")
        let nftJump = "\t\tfib daddr type local jump NETAVARK-HOSTPORT-DNAT\n"
        #expect(try await place(of: "53:5353/udp", in: Self.nft.replacing(nftJump, with: "")) == "nowhere")
        let stale = netavark(after: "-p udp -m udp --dport 53 -j DNAT --to-destination 10.89.0.7:5353")
        #expect(try await place(of: "53:5353/udp", in: stale) == "10.89.0.7:5353")
        #expect(try await place(of: "53:5353/udp", in: netavark(after: "-p udp -j RETURN")) == "nowhere")
        // Of one sender, or of another transport.
        let other = netavark(after: "-s 10.1.0.0/16 -p udp -m udp --dport 53 -j DNAT --to-destination 10.89.0.7:53")
        #expect(try await place(of: "53:5353/udp", in: other) == "here")
        let tcp = netavark(after: "-p tcp -m tcp --dport 53 -j DNAT --to-destination 10.89.0.7:53")
        #expect(try await place(of: "53:5353/udp", in: tcp) == "here")
    }

    /// `forwarding` with `rules` before those of Netavark, where what no rule accepts is dropped or not.
    private func forwarding(dropping: Bool = false, _ rules: String...) -> String {
        let policy = ":FORWARD \(dropping ? "DROP" : "ACCEPT") [0:0]\n:NETAVARK"
        let text = rules.map { "-A FORWARD \($0)\n" }.joined()
        return Self.forwarding.replacing(":FORWARD ACCEPT [0:0]\n:NETAVARK", with: policy)
            .replacing("-A FORWARD -m comment", with: "\(text)-A FORWARD -m comment")
    }

    @Test("a policy or a rule that surely drops what is led to the container shuts users out, and is named")
    func closed() async throws {
        #expect(try await place(of: "80:8080", in: Self.forwarding) == "here")
        let policy = "shut by the policy of chain FORWARD, DROP"
        #expect(try await place(of: "80:8080", in: forwarding(dropping: true)) == policy)
        for rule in [
            "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-p icmp -m icmp --icmp-type 8 -j ACCEPT",
            "-p tcp -m tcp --dport 80 -j ACCEPT", "-d 10.89.1.0/24 -j ACCEPT", "-o eth0 -j ACCEPT", "-i lo -j ACCEPT",
            "-i docker0 -j ACCEPT", "-i br-0123456789ab -j ACCEPT",
            "-m limit --limit 3/min -j LOG --log-prefix \"a b\"",
        ] {
            #expect(try await place(of: "80:8080", in: forwarding(dropping: true, rule)) == policy, "\(rule)")
        }
        for rule in [
            "-j REJECT --reject-with icmp-port-unreachable", "-d 10.89.0.0/16 -j DROP", "-o fl-+ -j DROP",
            "-d 10.89.0.2/32 -p tcp -m tcp --dport 8080 -j DROP", "-p tcp -m multiport --dports 22,8000:8090 -j DROP",
            "-m conntrack --ctstate NEW -j DROP", "! -i fl-1 -p tcp -j DROP", "! -d 10.1.0.0/16 -j DROP",
        ] {
            let found = try await place(of: "80:8080", in: forwarding(rule))
            #expect(found == "shut by rule '-A FORWARD \(rule)'")
        }
        let nft = Self.nft.replacing(
            "table inet netavark {",
            with: "table inet filter {\n\tchain forward {\n"
                + "\t\ttype filter hook forward priority filter; policy drop;\n"
                + "\t\tct state established,related accept\n\t}\n}\ntable inet netavark {")
        let words = "shut by the policy of chain forward of table inet filter, DROP"
        #expect(try await place(of: "53:5353/udp", in: nft) == words)
        let dropping = Self.netavark + "*filter\n:FORWARD DROP [0:0]\n"
        #expect(try await place(of: "53:5353/udp", in: dropping) == policy)
        #expect(try await place(of: "127.0.0.1:53:5353/udp", in: dropping) == "here")
        let led = nft.replacing("ct state established,related", with: "ct status dnat")
        #expect(try await place(of: "53:5353/udp", in: led) == "here")
        let rule = led.replacing("ct status dnat accept", with: "meta l4proto udp counter drop")
        let ruled = "shut by rule 'meta l4proto udp counter drop' in chain forward of table inet filter"
        #expect(try await place(of: "53:5353/udp", in: rule) == ruled)
    }

    @Test("what may let some users through, or shut out some of them only, is no fault")
    func open() async throws {
        for rule in [
            "-p tcp -m tcp --dport 8080 -j ACCEPT", "-i eth0 -j ACCEPT", "! -i eth0 -j ACCEPT", "-j FOO",
            // A bridge that is the host's way to its users, and a name that stands for bridges of stacks.
            "-i br-lan -j ACCEPT", "-o fl+ -j ACCEPT",
            "-s 192.0.2.0/24 -j ACCEPT", "-m conntrack --ctstate DNAT -j ACCEPT", "-o fl-1 -j ACCEPT",
            "-m set --match-set x dst -j ACCEPT", "-m mark --mark 0x1 -j ACCEPT", "-j NFQUEUE --queue-num 0",
        ] {
            let found = try await place(of: "80:8080", in: forwarding(dropping: true, rule))
            #expect(found == "here", "\(rule)")
        }
        for rule in [
            "-s 192.0.2.0/24 -j DROP", "! -s 192.0.2.0/24 -j DROP", "-i eth0 -j DROP", "! -i eth0 -j DROP",
            "-m set --match-set x src -j DROP", "-m mark --mark 0x1 -j DROP", "-p tcp -m tcp --dport 80 -j DROP",
            "-d 10.89.0.3/32 -j DROP", "-m conntrack --ctstate INVALID -j DROP", "-m addrtype --dst-type LOCAL -j DROP",
            "! -o fl-+ -j DROP", "-p udp -j DROP",
        ] {
            #expect(try await place(of: "80:8080", in: forwarding(rule)) == "here", "\(rule)")
        }
        let still = "@still 4 net.ipv4.ip_forward\n"
        let words = "still net.ipv4.ip_forward"
        #expect(try await place(of: "80:8080", in: still + Self.forwarding) == words)
        #expect(try await place(of: "53:5353/udp", in: still + Self.nft, by: .ipv6) == "here")
        #expect(try await place(of: "127.0.0.1:53:5353/udp", in: still + Self.netavark) == "here")
        let foreign = Self.forwarding + "# Table `filter' is incompatible, use 'nft' tool.\n"
        #expect(try await place(of: "80:8080", in: foreign) == "unknown")
    }

    /// `nft` with a chain that what is forwarded meets, whose policy drops or not.
    private func gate(dropping: Bool, _ rules: [String]) -> String {
        let policy = dropping ? "drop" : "accept"
        let lines = ["type filter hook forward priority filter; policy \(policy);"] + rules
        let chain = lines.map { "\t\t\($0)\n" }.joined()
        return Self.nft + "table inet filter {\n\tchain forward {\n\(chain)\t}\n}\n"
    }

    @Test("rules of nft: of one word, with maps of states and sets of transports, in chains without a name, of ICMP")
    func words() async throws {
        for rules in [
            ["accept"], ["meta protocol ip accept"], ["ct protocol udp accept"], ["meta l4proto { tcp, udp } accept"],
            ["ct state vmap { established : accept, new : jump x }"], ["iifname \"eth0\" jump {", "accept", "}"],
            ["ct state vmap { invalid : drop, established : accept }", "ct status dnat accept"],
        ] {
            #expect(try await place(of: "53:5353/udp", in: gate(dropping: true, rules)) == "here", "\(rules)")
        }
        let policy = "shut by the policy of chain forward of table inet filter, DROP"
        for rules in [
            ["ct state vmap { established : accept, related : accept, invalid : drop }"],
            ["icmp type echo-request accept"], ["meta l4proto { icmp, ipv6-icmp } accept"],
        ] {
            #expect(try await place(of: "53:5353/udp", in: gate(dropping: true, rules)) == policy, "\(rules)")
        }
        for rule in ["drop", "log prefix \"no: \" level info drop", "udp dport 5353 log flags all drop"] {
            let found = try #require(await place(of: "53:5353/udp", in: gate(dropping: false, [rule])))
            #expect(found.hasPrefix("shut by rule '") && found.hasSuffix("in chain forward of table inet filter"))
        }
    }

    @Test("what is not known for sure is no fault")
    func unknown() async throws {
        for rule in ["-p udp -j FOO", "-m set --match-set x src -j RETURN"] {
            #expect(try await place(of: "53:5353/udp", in: netavark(after: rule)) == "unknown", "\(rule)")
        }
        for rule in [
            "udp dport @x dnat ip to 10.89.0.7:53", "udp dport vmap { 53 : jump nv_1_dnat }",
            "ip daddr . udp dport vmap @y", "fib daddr . iif type local accept", "iifname \"eth0\" return",
        ] {
            let list = Self.nft.replacing("\t\tfib daddr", with: "\t\t\(rule)\n\t\tfib daddr")
            #expect(try await place(of: "53:5353/udp", in: list) == "unknown", "\(rule)")
        }
        #expect(try await place(of: "54:54/udp", in: Self.netavark + "@failed nft\n") == "unknown")
        #expect(try await place(of: "54:54/udp", in: Self.netavark + "@failed ip6tables\n") == "nowhere")
    }

    @Test("Docker leads datagrams where no rule does, unless one leads them astray")
    func answers() {
        #expect(PortRuleReader.answer("nowhere", needsRule: true) == .barred(.nowhere))
        #expect(PortRuleReader.answer("nowhere", needsRule: false) == .unknown)
        #expect(PortRuleReader.answer("10.89.0.7:53", needsRule: false) == .barred(.elsewhere("10.89.0.7:53")))
        #expect(PortRuleReader.answer("shut by rule 'x'", needsRule: false) == .barred(.closed("by rule 'x'")))
        let parameter = "net.ipv4.ip_forward"
        #expect(PortRuleReader.answer("still \(parameter)", needsRule: false) == .barred(.still(parameter)))
        #expect(PortRuleReader.answer("unknown", needsRule: true) == .unknown)
        #expect(PortRuleReader.answer("here", needsRule: true) == .taken)
    }

    @Test("systemd fills in nothing of the script that lists rules outside of Fairlead's unit")
    func script() { #expect(!PortRuleReader.list.contains("${")) }
}
