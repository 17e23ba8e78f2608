import Files
import Foundation
import Glibc
import HostSystem
import TestSupport
import Testing

@Suite("Telling the service manager")
struct ServiceNotificationTests {
    @Test("a state arrives at a socket of the file system and of the abstract namespace", arguments: [false, true])
    func arrives(abstract: Bool) throws {
        let scratch = try Scratch()
        let name = abstract ? "@fairlead-test-\(UUID().uuidString)" : scratch.path + "/notify"
        let socket = try DatagramSocket(name)
        #expect(try ServiceNotification.send("READY=1\nSTATUS=idle, ü", socket: name))
        #expect(socket.receive() == "READY=1\nSTATUS=idle, ü")
    }

    @Test("nothing is sent without a service manager")
    func silent() throws {
        #expect(try ServiceNotification.send("READY=1", socket: nil) == false)
        #expect(try ServiceNotification.send("READY=1", socket: "") == false)
    }

    @Test("a socket where nobody listens, or none at all, is an error", arguments: ["/nonexistent/notify", "relative"])
    func nobody(path: String) throws {
        #expect(throws: HostError.self) { try ServiceNotification.send("READY=1", socket: path) }
        #expect(throws: HostError.self) {
            try ServiceNotification.send("READY=1", socket: "/" + String(repeating: "x", count: 200))
        }
    }

    @Test(
        "the watchdog is fed at half of its interval, by the watched process only",
        arguments: [
            ("30000000", nil, Duration.seconds(15)), ("30000000", "\(getpid())", .seconds(15)), ("30000000", "1", nil),
            (nil, nil, nil), ("0", nil, nil), ("x", nil, nil),
        ] as [(String?, String?, Duration?)])
    func watchdog(microseconds: String?, process: String?, interval: Duration?) {
        #expect(ServiceNotification.watchdogInterval(microseconds: microseconds, process: process) == interval)
    }
}

/// Receives datagrams at a unix socket.
final class DatagramSocket: Sendable {
    private let number: Int32

    init(_ name: String) throws {
        number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(2 + bytes.count)
        let number = number
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, length) }
        }
        try #require(bound == 0)
    }

    deinit { close(number) }

    func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
