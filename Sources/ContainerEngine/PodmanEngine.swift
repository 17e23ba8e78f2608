public import Logging
public import Planning

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

    /// Closes the connections. Calls after it fail.
    public func shutDown() async { await transport.shutDown() }
}
