public import Logging
public import Planning

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

    /// Closes the connections. Calls after it fail.
    public func shutDown() async { await transport.shutDown() }
}
