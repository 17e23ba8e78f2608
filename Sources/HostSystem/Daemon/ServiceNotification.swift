public import Files
internal import Glibc

/// Tells the service manager how the daemon is: the protocol of sd_notify.
public enum ServiceNotification {
    /// Sends `state`, such as `READY=1`, `STATUS=idle`, `WATCHDOG=1` or several lines; returns whether there is a service
    /// manager that listens. Never waits.
    @discardableResult
    public static func send(
        _ state: String, socket path: String? = environment("NOTIFY_SOCKET")
    ) throws(HostError) -> Bool {
        guard let path, !path.isEmpty else { return false }
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw HostError.failed("notify the service manager") }
        let socket = Descriptor(owning: number, path: path)
        var address = try SocketAddress(path)
        let bytes = Array(state.utf8)
        let sent = address.withPointer { pointer, length in
            sendto(
                socket.number, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT), pointer, length
            )
        }
        guard sent == bytes.count else { throw HostError.failed("notify the service manager at '\(path)'") }
        return true
    }

    /// How often `WATCHDOG=1` is due: half of what the service manager waits. `nil` when it does not watch this process.
    public static func watchdogInterval(
        microseconds: String? = environment("WATCHDOG_USEC"), process: String? = environment("WATCHDOG_PID")
    ) -> Duration? {
        guard let microseconds = microseconds.flatMap(Int64.init), microseconds > 0 else { return nil }
        guard process == nil || process.flatMap(Int32.init) == getpid() else { return nil }
        return .microseconds(microseconds / 2)
    }

    /// The value of an environment variable.
    public static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// The address of a unix socket: a path, or with a leading `@` a name in the abstract namespace.
private struct SocketAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    init(_ path: String) throws(HostError) {
        var bytes = Array(path.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        guard isAbstract || bytes.first == UInt8(ascii: "/"), bytes.count < MemoryLayout<sockaddr_un>.size - offset
        else {
            throw HostError("cannot notify the service manager: '\(path)' is no address of a socket")
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // An abstract name ends with the length: a trailing zero would be part of it.
        length = socklen_t(offset + bytes.count + (isAbstract ? 0 : 1))
    }

    mutating func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        let length = length
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
