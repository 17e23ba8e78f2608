internal import FoundationEssentials
internal import Logging
internal import Planning
internal import Processes

/// Starts an API service where none listens.
///
/// It runs in its own session and leaves by itself when it was idle for a minute, so that it outlives neither a
/// killed Fairlead nor its use; containers do not depend on it.
struct ServiceStart: Sendable {
    let configuration: EngineConfiguration
    let logger: Logger

    private static let systemSocket = "/run/podman/podman.sock"
    private static let patience = Duration.seconds(15)

    private var socket: UnixSocket { UnixSocket(path: configuration.socket) }
    /// What the service says when it cannot start; written anew by each start.
    private var log: String { configuration.socket + ".log" }

    func run() async throws {
        try FileManager.default.createDirectory(
            atPath: String(configuration.socket[..<(configuration.socket.lastIndex(of: "/") ?? "".endIndex)]),
            withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // Two processes, or two calls of one, would each start a service, and the second takes the socket away.
        try await FileLock.holding(configuration.socket + ".lock", within: Self.patience) {
            if socket.isListening { return }
            if await startedBySystemd() { return }
            socket.removeStale()
            try await spawn()
            try await waitUntilListening()
            logger.info("podman service started", metadata: ["socket": "\(configuration.socket)"])
        }
    }

    /// systemd's own socket unit is the better owner of the system's socket.
    private func startedBySystemd() async -> Bool {
        guard configuration.socket == Self.systemSocket,
            FileManager.default.fileExists(atPath: "/run/systemd/system"), let systemctl = Command.find("systemctl"),
            (try? await Command(systemctl, ["start", "podman.socket"], deadline: Self.patience).run()) != nil
        else { return false }
        return socket.isListening
    }

    private func spawn() async throws {
        let environment = Command.plainEnvironment.merging(configuration.environment) { $1 }
        guard let podman = Command.find("podman", path: environment["PATH"] ?? ""),
            let setsid = Command.find("setsid"), let shell = Command.find("sh")
        else { throw failure("'podman' is not installed", "install it: 'apt-get install podman'") }
        let service = [podman, "system", "service", "--time=60", "unix://\(configuration.socket)"]
        let script = #"exec "$@" </dev/null >/dev/null 2>"$FAIRLEAD_SERVICE_LOG""#
        _ = try await Command(
            setsid, ["--fork", shell, "-c", script, "sh"] + service,
            environment: environment.merging(["FAIRLEAD_SERVICE_LOG": log]) { $1 }, deadline: Self.patience
        ).run()
    }

    private func waitUntilListening() async throws {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            if socket.isListening { return }
            if let complaint { throw failure(complaint, "try 'podman info' on this host") }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw failure("it does not listen after \(Self.patience)", "try 'podman info' on this host")
    }

    /// What Podman says when it gives up.
    private var complaint: String? {
        guard let data = FileManager.default.contents(atPath: log) else { return nil }
        return String(decoding: data.suffix(4096), as: UTF8.self).split(whereSeparator: \.isNewline)
            .last { $0.hasPrefix("Error:") }.map { String($0.trimmingPrefix(#/Error: */#)) }
    }

    private func failure(_ why: String, _ hint: String) -> EngineError {
        EngineError(
            .unreachable, "cannot start the podman service on '\(configuration.socket)': \(why)", hint: hint,
            disposition: .transient)
    }
}
