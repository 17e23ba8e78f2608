import Model
import Testing

@testable import HostSystem

@Suite("M3: the ways of a host")
struct RouteTableTests {
    private static let ipv4 = """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
        eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0
        eth0\t0000000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
        wg0\t0008080A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        fl-acme\t0007590A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        """
    private static let ipv6 = """
        fd001234000000000000000000000000 40 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003 eth0
        fd001234000000000000000000000005 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001 eth0
        00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0
        ff000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0
        """

    @Test("routers and networks behind interfaces are needed; what an engine's bridge leads to is not")
    func needed() throws {
        let table = RouteTable(ipv4: Self.ipv4, ipv6: Self.ipv6)
        let own = [try #require(Subnet("10.0.0.5/24"))]
        #expect(
            table.needed(except: own) == [
                NeededAddress("10.0.0.1", owner: "the router of interface 'eth0'"),
                NeededAddress("10.8.8.0", owner: "the route to '10.8.8.0/24' over 'wg0'"),
                NeededAddress("fd00::1", owner: "the router of interface 'eth0'"),
                NeededAddress("fd00:1234::", owner: "the route to 'fd00:1234::/64' over 'eth0'"),
                NeededAddress("fe80::1", owner: "the router of interface 'eth0'"),
            ])
    }

    @Test(
        "the interface of the default route leads outward whatever its name; so does a bridge that no engine names so")
    func inward() {
        func table(_ interface: String) -> RouteTable {
            RouteTable(ipv4: "head\n\(interface) 00000000 0100000A 0003 0 0 100 00000000 0 0 0", ipv6: "")
        }
        let plain = table("eth0")
        for name in ["lo", "fl-0011223344", "podman0", "cni-podman0", "docker0", "br-0123456789ab", "veth1a2b"] {
            #expect(plain.isInward(name), "\(name)")
            #expect(table(name).isInward(name) == ["lo", "fl-0011223344"].contains(name), "\(name)")
        }
        for name in ["eth0", "br-lan", "br-0123", "br0", "lowpan0"] { #expect(!plain.isInward(name), "\(name)") }
        let own = OwnAddresses([("br-lan", "192.0.2.7"), ("veth0", "198.51.100.7")], plain)
        #expect(own.ipv4 == "192.0.2.7")
    }

    @Test("what cannot be read is no way", arguments: ["", "\n", "garbage", "eth0 zz zz 1 0 0 0 zz", "fd00 40 x"])
    func garbage(text: String) {
        #expect(RouteTable(ipv4: "head\n" + text, ipv6: text).routes.isEmpty)
    }

    @Test("this host's own table is read, with its name servers and what its git server's name resolves to")
    func real() async throws {
        var configuration = HostConfiguration()
        configuration.essentialNames = ["localhost", "never.invalid"]
        let host = HostSystem(configuration: configuration)
        let plan = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: [:])
        let needed = await AddressBook(of: host).neededAddresses(for: plan)
        #expect(needed.contains(NeededAddress("127.0.0.1", owner: "the git server 'localhost'")))
        #expect(!needed.contains { $0.owner.contains("never.invalid") })
    }
}
