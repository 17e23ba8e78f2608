internal import Foundation
internal import Glibc
internal import Processes

/// tinyproxy on a loopback port. Some names lead to this host for the proxy alone: what reaches a server by such a name
/// went through it.
public final class WebProxyFixture: Sendable {
    public static let user = "vsn"
    public static let password = "canary-proxy.pass_1"
    /// Names that only the proxy can resolve.
    public static let hiddenName = "server.behind-proxy.test"

    public static let unavailable: String? =
        ProcessInfo.processInfo.environment["CI"] != "true" && (Command.find("tinyproxy") == nil || getuid() != 0)
        ? "needs tinyproxy and root" : nil

    public let port: UInt16
    private let scratch: Scratch
    private let program = BackgroundProgram()

    public var address: String { "http://127.0.0.1:\(port)" }

    private init() throws {
        scratch = try Scratch()
        port = try LoopbackPort.free()
    }

    /// Wants user and password from everybody with `login`.
    public static func start(login: Bool = false) async throws -> WebProxyFixture {
        let proxy = try WebProxyFixture()
        let path = proxy.scratch.path
        let lines = [
            "Port \(proxy.port)", "Listen 127.0.0.1", "LogFile \"\(path)/log\"", "LogLevel Connect", "Timeout 60",
            "MaxClients 50", "PidFile \"\(path)/pid\"", login ? "BasicAuth \(user) \(password)" : "",
        ]
        try proxy.scratch.write(lines.joined(separator: "\n") + "\n", to: "conf")
        try proxy.scratch.write("127.0.0.1 localhost \(hiddenName)\n", to: "hosts")
        try proxy.scratch.write("", to: "log")
        // The names belong to a mount namespace of the proxy's own.
        let script = #"mount --bind "$1/hosts" /etc/hosts && exec timeout --foreground 1800 tinyproxy -d -c "$1/conf""#
        try await proxy.program.start(["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, "sh", path])
        try await LoopbackPort.wait(for: proxy.port)
        return proxy
    }

    deinit { program.stop() }

    public func stop() { program.stop() }

    /// The file with the password, closed to others; `text` in its place.
    public func passwordFile(_ text: String = password) throws -> String {
        let file = try scratch.write("\(text)\n", to: "password")
        chmod(file, 0o600)
        return file
    }

    /// What it was asked for, such as `CONNECT server:443 HTTP/1.1`.
    public func requests() -> [String] {
        let text = (try? String(contentsOfFile: "\(scratch.path)/log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            line.firstRange(of: "): ").flatMap { line.contains("Request (") ? String(line[$0.upperBound...]) : nil }
        }
    }
}
