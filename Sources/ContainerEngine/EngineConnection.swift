public import Logging
public import Planning

/// A socket on which one of the engines answers; which one decides the socket, not the configuration.
public struct EngineConnection: Sendable {
    public let podman: PodmanEngine
    public let docker: DockerEngine
    private let transport: Transport

    /// Opens nothing yet. Call `shutDown()` at the end.
    public init(configuration: EngineConfiguration, logger: Logger) {
        transport = Transport(configuration: configuration, logger: logger, expecting: nil)
        podman = PodmanEngine(transport: transport)
        docker = DockerEngine(transport: transport)
    }

    /// Asks once in a process. Starts Podman's service when nothing answers.
    public func product() async throws(EngineError) -> EngineProduct { try await transport.peer().product }

    /// Closes the connections. Calls after it fail.
    public func shutDown() async { await transport.shutDown() }
}
