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

    static func freePort() throws -> Int { Int(try LoopbackPort.free()) }

    static func waitForPort(_ port: Int) async throws { try await LoopbackPort.wait(for: UInt16(port)) }
}

/// A listening socket on the loopback address.
struct LoopbackListener {
    let descriptor: Int32
    let port: Int

    init() throws {
        let free = try LoopbackPort.free()
        descriptor = try LoopbackPort.listener(free)
        port = Int(free)
    }
}
