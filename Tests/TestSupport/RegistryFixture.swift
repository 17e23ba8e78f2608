internal import Foundation
internal import Processes

/// A real registry (Debian's docker-registry) of one test on a free loopback port.
public final class RegistryFixture: Sendable {
    /// `127.0.0.1:PORT`; give it to `PodmanSandbox.make(insecureRegistries:)`.
    public let address: String
    let directory: Scratch
    private let port: UInt16
    private let user: String?
    private let password: String?
    private let storage: String
    private let program = BackgroundProgram()

    /// Why it cannot run here.
    public static let unavailable: String? =
        ProcessInfo.processInfo.environment["CI"] != "true" && Command.find("docker-registry") == nil
        ? "docker-registry is not installed" : nil

    private init(port: UInt16, user: String?, password: String?, storage: String?) throws {
        self.port = port
        address = "127.0.0.1:\(port)"
        directory = try Scratch()
        self.storage = storage ?? "\(directory.path)/data"
        self.user = user
        self.password = password
    }

    /// Serves already; wants `user` and `password` for every request when they are given. What is pushed lies in `storage`,
    /// or goes with the value.
    public static func make(
        user: String? = nil, password: String? = nil, storage: String? = nil
    ) async throws -> RegistryFixture {
        let registry = try RegistryFixture(port: LoopbackPort.free(), user: user, password: password, storage: storage)
        try await registry.writeConfiguration()
        try await registry.start()
        return registry
    }

    /// Makes one, runs `body`, stops it, whatever happens.
    public static func with<Result>(
        user: String? = nil, password: String? = nil, _ body: (RegistryFixture) async throws -> Result
    ) async throws -> Result {
        let registry = try await make(user: user, password: password)
        defer { registry.shutDown() }
        return try await body(registry)
    }

    /// Starts serving again after `shutDown()`, with all that was pushed.
    public func start() async throws {
        do {
            try await startOnce()
        } catch is PodmanSandboxError {
            // What had its port for a moment made it end.
            program.stop()
            try await startOnce()
        }
    }

    private func startOnce() async throws {
        // Should this process be killed, the registry ends by itself.
        try await program.start(
            ["/usr/bin/timeout", "--foreground", "1800", "docker-registry", "serve", "\(directory.path)/config.yml"])
        try await LoopbackPort.wait(for: port)
    }

    public var isServing: Bool { LoopbackPort.accepts(port) }

    /// Stops serving; what was pushed stays until the value goes.
    public func shutDown() { program.stop() }

    private func writeConfiguration() async throws {
        var lines = [
            "version: 0.1", "log: {level: error}",
            "storage: {filesystem: {rootdirectory: \(storage)}, delete: {enabled: true}}",
            "http: {addr: '\(address)', secret: fixture}",
        ]
        if let user, let password {
            let hash = try await Command("/usr/bin/htpasswd", ["-nbB", "-C", "4", user, password]).run().text
            try directory.write(hash, to: "htpasswd")
            lines.append("auth: {htpasswd: {realm: test, path: \(directory.path)/htpasswd}}")
        }
        try directory.write(lines.joined(separator: "\n") + "\n", to: "config.yml")
    }

    /// One request by curl; returns the header lines of the answer.
    func request(_ arguments: [String]) async throws -> [Substring] {
        let login = user.map { ["--user", "\($0):\(password ?? "")"] } ?? []
        let fixed = ["--silent", "--show-error", "--fail", "--dump-header", "-", "--output", "/dev/null"]
        let result = try await Command("/usr/bin/curl", fixed + login + arguments).run()
        return result.text.split(whereSeparator: \.isNewline)
    }
}
