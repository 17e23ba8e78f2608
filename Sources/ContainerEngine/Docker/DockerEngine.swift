public import Logging
public import Model
internal import NIOHTTP1

/// Docker through its Engine API on a unix socket.
///
/// It behaves as `PodmanEngine` does: one value serves the whole process and holds no state about containers. A daemon
/// that is down is not started.
public struct DockerEngine: EngineClient {
    let transport: Transport

    /// Opens nothing yet. Call `shutDown()` at the end.
    public init(configuration: EngineConfiguration, logger: Logger) {
        self.init(transport: Transport(configuration: configuration, logger: logger, expecting: .docker))
    }

    init(transport: Transport) { self.transport = transport }

    var configuration: EngineConfiguration { transport.configuration }

    /// Asks who answers; costs a millisecond.
    public func version() async throws(EngineError) -> EngineVersion { try await version(of: .docker) }

    /// What happens to containers and their networks, from `since` on (`nil`: from now on) without end. Cancel the task
    /// to leave.
    public func events(since: Timestamp? = nil) -> ContainerEvents { follow(since) }

    /// Asks the registry whether it takes `credentials`; nothing is stored.
    public func logIn(to registry: String, _ credentials: RegistryCredentials) async throws(EngineError) {
        try await tryLogin(to: registry, credentials)
    }

    /// Its monitors tell it what they watch, so that it knows of every container that began.
    public static func hasMonitor(_ id: String) -> Bool { false }

    /// None stays behind a command.
    func dismissMonitor(ofCommand exec: String) {}

    public func namespaceOutlook(at path: String) -> NamespaceOutlook {
        .impossible(reason: "Docker has one user namespace for all of its containers", hint: "it needs Podman")
    }

    /// Closes the connections. Calls after it fail.
    public func shutDown() async { await transport.shutDown() }
}

extension DockerEngine {
    /// `Server` is such as `Docker/20.10.24 (linux)`.
    static func peer(_ headers: HTTPHeaders, socket: String) throws(EngineError) -> Transport.Peer? {
        guard let api = headers.first(name: "Api-Version"), let server = headers.first(name: "Server"),
            server.hasPrefix("Docker/")
        else { return nil }
        let version = String(server.dropFirst("Docker/".count).prefix { $0 != " " })
        let numbers = api.split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) >= (1, 41) else {
            throw Transport.Peer.tooOld(.docker, version, needs: "20.10", socket: socket)
        }
        // Newer ones serve nothing before 1.44, older ones nothing after 1.41.
        let prefix = (numbers[0], numbers[1]) >= (1, 44) ? "/v1.44" : "/v1.41"
        return Transport.Peer(product: .docker, version: version, prefix: prefix, compatiblePrefix: prefix)
    }
}
