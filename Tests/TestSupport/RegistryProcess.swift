internal import Foundation
public import Processes
internal import Synchronization

/// One background program of a fixture, in a session of its own.
///
/// Not Foundation's `Process`: that hands the blocked signals of its thread down, and the program cannot be ended.
public final class BackgroundProgram: Sendable {
    private let pid = Mutex<Int32>(0)

    public init() {}

    public func start(_ command: [String], environment: [String: String] = Command.plainEnvironment) async throws {
        let script = #"setsid "$@" </dev/null >/dev/null 2>&1 & echo $!"#
        let text = try await Command("/bin/sh", ["-c", script, "sh"] + command, environment: environment).run().text
        guard let started = Int32(text.split(separator: "\n").first ?? "") else {
            throw PodmanSandboxError(description: "cannot start '\(command.joined(separator: " "))'")
        }
        pid.withLock { $0 = started }
    }

    /// Kills it with everything that it started in its session.
    public func stop() {
        pid.withLock { pid in
            if pid > 1 { kill(-pid, SIGKILL) }
            pid = 0
        }
    }

    /// Lets it run on when the value goes.
    func leave() { pid.withLock { $0 = 0 } }

    deinit { stop() }
}

/// TCP ports of the loopback interface.
public enum LoopbackPort {
    private static let given = Mutex<Set<UInt16>>([])

    /// One on which nothing listens, given once in a process. Below the kernel's range for outgoing connections: one of
    /// those took a port between the choice and its use.
    public static func free() throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000..<32_000)
            guard given.withLock({ $0.insert(port).inserted }), let descriptor = try? listener(port) else { continue }
            close(descriptor)
            return port
        }
        throw PodmanSandboxError(description: "no free port on the loopback interface")
    }

    /// A socket that listens there; connections are made and nobody answers them. To be closed.
    public static func listener(_ port: UInt16) throws -> Int32 {
        // A program that a test starts meanwhile would go on listening.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: port)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard bound, listen(descriptor, 64) == 0 else {
            close(descriptor)
            throw PodmanSandboxError(description: "cannot listen on port \(port)")
        }
        return descriptor
    }

    /// Whether something listens there.
    public static func accepts(_ port: UInt16) -> Bool {
        guard let descriptor = try? connection(to: port) else { return false }
        close(descriptor)
        return true
    }

    /// A connected socket. To be closed.
    static func connection(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: port)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw PodmanSandboxError(description: "nothing listens on port \(port)")
        }
        return descriptor
    }

    /// Waits until something listens there.
    public static func wait(for port: UInt16) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !accepts(port) {
            guard ContinuousClock.now < end else {
                throw PodmanSandboxError(description: "nothing listens on port \(port) after 30 s")
            }
            try await Task.sleep(for: .milliseconds(25))
        }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
