internal import FoundationEssentials
internal import Glibc
internal import Logging
internal import Model
internal import Processes

/// Starts an API service where none listens.
///
/// It runs in its own session and leaves by itself when it was idle for a minute, so that it outlives neither a
/// killed Fairlead nor its use; containers do not depend on it.
struct ServiceStart: Sendable {
    let configuration: EngineConfiguration
    let logger: Logger

    static let systemSocket = "/run/podman/podman.sock"
    private static let patience = Duration.seconds(15)

    private var socket: UnixSocket { UnixSocket(path: configuration.socket) }
    /// The service's process id and what it says; written anew by each start.
    private var log: String { configuration.socket + ".log" }

    func run() async throws {
        try makeDirectory()
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

    private func makeDirectory() throws(EngineError) {
        let directory = configuration.socket.lastIndex(of: "/").map { String(configuration.socket[..<$0]) } ?? "."
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw failure("the directory '\(directory)' cannot be made", "run Fairlead as root")
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
        let environment = Command.plainEnvironment.merging(try proxyEnvironment()) { $1 }
            .merging(configuration.environment) { $1 }
        guard let podman = Command.find("podman", path: environment["PATH"] ?? ""),
            let setsid = Command.find("setsid"), let shell = Command.find("sh")
        else { throw failure("'podman' is not installed", "install it: 'apt-get install podman'") }
        // The forked shell may not have begun its log when the wait begins: an older one would tell of a dead service.
        unlink(log)
        let service = [podman, "system", "service", "--time=60", "unix://\(configuration.socket)"]
        let script = #"echo $$ >"$FAIRLEAD_SERVICE_LOG"; exec "$@" </dev/null >/dev/null 2>>"$FAIRLEAD_SERVICE_LOG""#
        _ = try await Command(
            setsid, ["--fork", shell, "-c", script, "sh"] + service,
            environment: environment.merging(["FAIRLEAD_SERVICE_LOG": log]) { $1 },
            // The caller's may go away while the service is there; then it could start no container any more.
            workingDirectory: "/", deadline: Self.patience
        ).run()
    }

    private func proxyEnvironment() throws(EngineError) -> [String: String] {
        do throws(ProxyFailure) {
            return try configuration.proxy?.environment() ?? [:]
        } catch {
            throw failure(error.message, error.hint)
        }
    }

    private func waitUntilListening() async throws {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            if socket.isListening { return }
            if let said = lastWords { throw failure(said, "try 'podman info' on this host") }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw failure("it does not listen after \(Self.patience)", "try 'podman info' on this host")
    }

    /// What the service said, when it has ended; its log begins with its process id.
    private var lastWords: String? {
        guard let data = FileManager.default.contents(atPath: log) else { return nil }
        let lines = String(decoding: data.prefix(64 << 10), as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let pid = lines.first.flatMap({ Int32($0) }), !isAlive(pid) else { return nil }
        return lines.dropFirst().last.map(String.init) ?? "it ended without a word"
    }

    /// Not by its arguments: a process that is just becoming the service has none for a moment.
    private func isAlive(_ pid: Int32) -> Bool {
        guard let stat = ProcessFile.read("stat", of: pid) else { return false }
        // `PID (NAME) STATE …`; one that ended and was not yet collected is a zombie.
        let state = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.dropFirst().first
        return state.map { !"ZX".contains($0) } ?? false
    }

    private func failure(_ why: String, _ hint: String) -> EngineError {
        EngineError(
            .unreachable, "cannot start the podman service on '\(configuration.socket)': \(why)", hint: hint,
            disposition: .transient)
    }
}
