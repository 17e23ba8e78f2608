public import Logging
public import Model

/// A socket on which one of the engines answers; which one decides the socket, not the configuration.
public struct EngineConnection: Sendable {
    public let podman: PodmanEngine
    public let docker: DockerEngine
    private let transport: Transport

    /// The one that knows the answer of a socket for its own is the one on it.
    static let engines: [any EngineClient.Type] = [PodmanEngine.self, DockerEngine.self]

    /// Opens nothing yet. Call `shutDown()` at the end.
    public init(configuration: EngineConfiguration, logger: Logger) {
        transport = Transport(configuration: configuration, logger: logger, expecting: nil)
        podman = PodmanEngine(transport: transport)
        docker = DockerEngine(transport: transport)
    }

    /// Asks once in a process. Starts the service of an engine that needs no daemon when nothing answers.
    public func product() async throws(EngineError) -> EngineProduct { try await transport.peer().product }

    /// Closes the connections. Calls after it fail.
    public func shutDown() async { await transport.shutDown() }
}
