import Planning
import Testing

@testable import HostSystem

@Suite("S: of a UDP port the rules are looked at that lead to its container")
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
        -A DOCKER -i br-1 -j RETURN
        -A DOCKER ! -i br-1 -p udp -m udp --dport 53 -j DNAT --to-destination 10.89.0.2:5353

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
        #expect(PortRuleReader.answer("nowhere", needsRule: true) == .untaken)
        #expect(PortRuleReader.answer("nowhere", needsRule: false) == .unknown)
        #expect(PortRuleReader.answer("10.89.0.7:53", needsRule: false) == .untaken)
        #expect(PortRuleReader.answer("unknown", needsRule: true) == .unknown)
        #expect(PortRuleReader.answer("here", needsRule: true) == .taken)
    }

    @Test("systemd fills in nothing of the script that lists rules outside of Fairlead's unit")
    func script() { #expect(!PortRuleReader.script.contains("${")) }
}
