internal import Foundation
internal import Glibc

/// What the tests with real git servers need of the machine.
public enum GitServerTools {
    /// Whether such tests can run; in continuous integration they have to.
    public static let hasSSH = has("sshd", "ssh", "ssh-keygen", "ssh-keyscan", "git")
    public static let hasHTTPS = has("nginx", "fcgiwrap", "openssl", "git")

    private static func has(_ names: String...) -> Bool {
        ProcessInfo.processInfo.environment["CI"] == "true" || names.allSatisfy { TestProgram.find($0) != nil }
    }

    /// A TCP port of the loopback address that was free a moment ago.
    public static func freePort() throws -> Int {
        let listener = try LoopbackListener()
        defer { close(listener.descriptor) }
        return listener.port
    }

    /// Waits until something accepts connections on a port of the loopback address.
    public static func waitForPort(_ port: Int) async throws {
        for _ in 0..<200 {
            if LoopbackListener.accepts(port) { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw TestProgramFailure("nothing listens on port \(port)")
    }
}

/// A listening socket on the loopback address.
struct LoopbackListener {
    let descriptor: Int32
    let port: Int

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isListening else { throw TestProgramFailure("cannot listen: \(String(cString: strerror(errno)))") }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    static func accepts(_ port: Int) -> Bool {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        var address = address(UInt16(port))
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }
}
