import Foundation
import Glibc
import HostSupport
import Model
import TestSupport
import Testing

@testable import HostSystem

@Suite("S: published ports are asked from the host")
struct PublishedPortTests {
    private static let list = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000:46A0 00000000:0000 0A 00000000:00000005 00:00000000 00000000     0        0 50 6 0 100 0 0 10 0
           1: 0100590A:DD52 0100590A:46A0 01 00000000:00000000 00:00000000 00000000     0        0 61 2 0 20 0 0 10 -1
           2: 0100590A:DD53 0100590A:46A0 01 00000000:00000000 00:00000000 00000000     0        0 62 2 0 20 0 0 10 -1
           3: 0100590A:46A0 0100590A:DD53 01 00000000:00000000 00:00000000 00000000     0        0 63 2 0 20 0 0 10 -1
           4: 0100590A:DD54 0100590A:46A0 08 00000000:00000000 00:00000000 00000000     0        0 64 2 0 20 0 0 10 -1
           5: 0100590A:46A0 0100590A:DD54 05 00000000:00000000 00:00000000 00000000     0        0 0 2 0 20 0 0 10 -1
        """
    /// The far end of the first, which an IPv6 socket has.
    private static let list6 = """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr
           0: 0000000000000000FFFF00000100590A:46A0 0000000000000000FFFF00000100590A:DD52 01 0:0 00:0 0 0 0 0 1
        """

    @Test(
        "a connection that this host holds for nobody is told from one that a program takes, ends, or has elsewhere",
        arguments: [(61, true), (62, false), (64, false), (99, false)])
    func table(inode: UInt64, isUntaken: Bool) {
        #expect(SocketTable([Self.list, Self.list6]).isUntaken(inode) == isUntaken)
        // Without the other list there is no far end on this host.
        #expect(!SocketTable([Self.list]).isUntaken(61))
    }

    @Test("the host asks by an address that users come to, by loopback only where it has no other, and never by '::1'")
    func addresses() throws {
        let own = OwnAddresses(
            [
                ("lo", "127.0.0.1"), ("lo", "::1"), ("fl-0011", "10.89.0.1"), ("eth0", "fe80::1"),
                ("eth0", "192.0.2.7"),
                ("eth0", "2001:db8::7"), ("eth1", "198.51.100.1"),
            ], RouteTable(ipv4: "", ipv6: ""))
        let places = { (own: OwnAddresses, text: String) in
            PortMapping(text)?.entrances(on: [.ipv4, .ipv6]).map { own.place(of: $0)?.address }
        }
        #expect(places(own, "80:8080") == ["192.0.2.7", "2001:db8::7"])
        #expect(places(own, "0.0.0.0:80:8080") == ["192.0.2.7"])
        #expect(places(own, "[::]:80:8080") == ["2001:db8::7"])
        #expect(places(own, "127.0.0.1:80:8080") == ["127.0.0.1"])
        let alone = OwnAddresses(
            [("lo", "127.0.0.1"), ("lo", "::1"), ("podman0", "10.88.0.1")], RouteTable(ipv4: "", ipv6: ""))
        #expect(places(alone, "80:8080") == ["127.0.0.1", nil])
        let every = try #require(PortMapping("[::]:80:8080"))
        #expect(every.entrances(on: [.ipv4]).map { own.place(of: $0)?.address } == ["192.0.2.7"])
    }

    @Test("whoever does not speak up on a link is told from one that does")
    func neighbours() {
        let table = NeighbourTable(
            """
            IP address       HW type     Flags       HW address            Mask     Device
            10.89.7.2        0x1         0x2         aa:bb:cc:dd:ee:ff     *        fl-acme
            10.89.7.3        0x1         0x0         00:00:00:00:00:00     *        fl-acme
            """)
        #expect(table.missing == ["10.89.7.3"])
    }

    @Test("a name server is there by an address of its network's, whatever its port, or by port 53 of every address")
    func nameServers() {
        let list = { (socket: String) in
            "  sl  local_address rem_address   st\n   7: \(socket) 00000000:0000 07 0 0 0 0 0 61 2 0 0\n"
        }
        for socket in ["0107590A:0035", "0107590A:0481", "00000000:0035"] {
            #expect(NameServers([list(socket), ""]).serve(["10.89.7.1"]), "\(socket)")
        }
        for socket in ["0207590A:0035", "00000000:0044"] {
            #expect(!NameServers([list(socket), ""]).serve(["10.89.7.1"]), "\(socket)")
        }
        let list6 = list("890000FD000000000000000001000000:0035")
        #expect(NameServers(["", list6]).serve(["10.89.7.1", "fd00:89::1"]) == true)
        #expect(NameServers(["", list6]).serve(["10.89.7.1"]) == false)
    }

    @Test("taken, refused, and held for a program that never takes it")
    func answers() async throws {
        let fixture = try HostFixture()
        let ports = [try LoopbackPort.free(), try LoopbackPort.free(), try LoopbackPort.free()]
        let listeners = try ports.prefix(2).map { try LoopbackPort.listener($0) }
        defer { for listener in listeners { close(listener) } }
        let taking = listeners[0]
        DispatchQueue.global().async {
            let connection = accept(taking, nil, nil)
            usleep(3_000_000)
            close(connection)
        }
        let mappings = try ports.map {
            PublishedPort(try #require(PortMapping("127.0.0.1:\($0):80")), by: .ipv4)
        }
        let answers = await fixture.host.answers(from: Set(mappings))
        #expect(mappings.map { answers[$0] } == [.taken, .untaken, .refused])
        // Of a container's own address nothing is held here.
        let place = PortPlace("127.0.0.1", ports[1])
        #expect(await fixture.host.answers(within: [place]) == [place: .taken])
        // No link leads there, whatever this machine's router says.
        let far = PortPlace("203.0.113.7", 80)
        #expect(await fixture.host.answers(within: [far]) == [far: .unreached])
    }

    @Test("hundreds of ports are asked at once")
    func many() async throws {
        let fixture = try HostFixture()
        let mappings = try (1...300).map {
            PublishedPort(try #require(PortMapping("127.0.0.2:\($0 + 64000):80")), by: .ipv4)
        }
        let answers = await fixture.host.answers(from: Set(mappings))
        #expect(answers.count == 300)
        #expect(answers.values.allSatisfy { $0 == .refused })
    }

    private func life(of process: pid_t) throws -> ContainerLife? {
        let status = ContainerStatus(id: "1", name: "web", imageID: "", state: .running, process: process)
        return try HostFixture().host.life(of: status)
    }

    @Test("S: a process that lives, one that is halted, one without a monitor, a zombie and none are told apart")
    func lives() async throws {
        let child = Process()
        child.executableURL = URL(filePath: "/bin/sleep")
        child.arguments = ["60"]
        try child.run()
        defer { child.terminate() }
        let own = try #require(try life(of: child.processIdentifier))
        let age = try #require(own.age)
        #expect(age >= .zero && age < .seconds(600))
        // Its parent is this test.
        #expect(!own.isMonitored && !own.isHalted)
        kill(child.processIdentifier, SIGSTOP)
        while try life(of: child.processIdentifier)?.isHalted != true { try await Task.sleep(for: .milliseconds(10)) }
        kill(child.processIdentifier, SIGCONT)
        #expect(try life(of: 0x3FFF_FFF0) == .ended)
        var zombie: pid_t = 0
        let words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        defer { free(words[0]) }
        try #require(posix_spawn(&zombie, "/bin/true", nil, nil, words, nil) == 0)
        var ended = try life(of: zombie)
        while ended != .ended {
            try await Task.sleep(for: .milliseconds(10))
            ended = try life(of: zombie)
        }
        waitpid(zombie, nil, 0)
    }
}
