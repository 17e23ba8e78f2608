public import Logging
public import Model
internal import NIOHTTP1

/// Podman through its REST API on a unix socket.
///
/// One value serves the whole process; its connections are kept and shared. It holds no state about containers:
/// every answer is the engine's own.
public struct PodmanEngine: EngineClient {
    let transport: Transport

    /// Opens nothing yet. Call `shutDown()` at the end.
    public init(configuration: EngineConfiguration, logger: Logger) {
        self.init(transport: Transport(configuration: configuration, logger: logger, expecting: .podman))
    }

    init(transport: Transport) { self.transport = transport }

    var configuration: EngineConfiguration { transport.configuration }

    /// Starts the service when nothing answers, and asks who it is; costs a millisecond.
    public func version() async throws(EngineError) -> EngineVersion {
        try await version(of: .podman)
    }

    /// What happens to containers and their networks, from `since` on (`nil`: from now on) without end. Cancel the task
    /// to leave.
    public func events(since: Timestamp? = nil) -> ContainerEvents { follow(since) }

    /// Asks the registry whether it takes `credentials`; nothing is stored.
    public func logIn(to registry: String, _ credentials: RegistryCredentials) async throws(EngineError) {
        try await tryLogin(to: registry, credentials)
    }

    func dismissMonitor(ofCommand exec: String) async { await ExecMonitor.dismiss(exec) }

    /// Closes the connections. Calls after it fail.
    public func shutDown() async { await transport.shutDown() }
}

extension PodmanEngine {
    static func peer(_ headers: HTTPHeaders, socket: String) throws(EngineError) -> Transport.Peer? {
        guard let version = headers.first(name: "Libpod-API-Version") else { return nil }
        let major = version.split(separator: ".").first.flatMap { Int($0) } ?? 0
        guard major >= 4 else { throw Transport.Peer.tooOld(.podman, version, needs: "4.3", socket: socket) }
        // What 4.x and 5.x both serve; a later major version that dropped it serves its own.
        let prefix = major <= 5 ? "/v4.0.0/libpod" : "/v\(version)/libpod"
        return Transport.Peer(product: .podman, version: version, prefix: prefix, compatiblePrefix: "")
    }
}
