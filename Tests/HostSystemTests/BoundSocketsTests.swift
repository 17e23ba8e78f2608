import Glibc
import Model
import TestSupport
import Testing

@testable import HostSystem

@Suite("Who waits on a port of the host")
struct BoundSocketsTests {
    private static let udp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         1: 0107590A:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1
         2: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2
         3: 0100000A:0035 08080808:0035 01 00000000:00000000 00:00000000 00000000     0        0 3
         4: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4
        """
    private static let tcp6 = """
          sl  local_address                         remote_address                        st
         1: 8900FD00000000000000000001000000:0035 00000000000000000000000000000000:0000 0A
         2: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 0A
        """

    @Test("every address with that port is named once, what is connected and other ports are not")
    func addresses() {
        #expect(BoundSockets([Self.udp], 53).addresses == ["10.89.7.1", "127.0.0.53"])
        #expect(BoundSockets([Self.udp], 68).addresses == ["0.0.0.0"])
        #expect(BoundSockets(["", "\n", "garbage : :", "1: zz:0035 0 0A", "1: 00:0035 0 0A"], 53).addresses.isEmpty)
    }

    @Test("addresses of IPv6 are read as well")
    func ipv6() {
        #expect(BoundSockets([Self.tcp6], 53).addresses == ["fd:89::1", "::"])
    }

    @Test("a listener of this very host is found")
    func real() throws {
        let port = try LoopbackPort.free()
        let listener = try LoopbackPort.listener(port)
        #expect(BoundSockets.current(on: port, .tcp).addresses == ["127.0.0.1"])
        #expect(BoundSockets.current(on: port, .udp).addresses.isEmpty)
        close(listener)
        #expect(BoundSockets.current(on: port, .tcp).addresses.isEmpty)
    }
}
