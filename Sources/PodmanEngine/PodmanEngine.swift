public import Logging
public import Planning

/// Podman through its REST API on a unix socket.
///
/// One value serves the whole process; its connections are kept and shared. It holds no state about containers:
/// every answer is the engine's own.
public struct PodmanEngine: Sendable {
    let configuration: EngineConfiguration
    let transport: Transport
    let logger: Logger

    /// Opens nothing yet. Call `shutDown()` at the end.
    public init(configuration: EngineConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        transport = Transport(configuration: configuration, logger: logger)
    }

    /// Starts the service when nothing answers, and asks who it is; costs a millisecond.
    public func version() async throws(EngineError) -> EngineVersion {
        let peer = try await transport.peer()
        return EngineVersion(product: "podman", version: peer.version)
    }

    /// Closes the connections. Calls after it fail.
    public func shutDown() async { await transport.shutDown() }
}
