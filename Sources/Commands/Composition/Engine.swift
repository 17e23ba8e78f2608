package import ContainerEngine
package import Deploying
package import Model

/// A container engine, as everything above its API knows it: what deploying, drills and the loop ask of one, and doctor.
///
/// One that is new conforms here, is picked in `EngineConnection.engine()`, and says in `EngineTraits` what is different about it.
package protocol Engine: ImageSupply, ImageInsight, ContainerControl, ContainerInsight, UserNamespaces, NetworkControl,
    NetworkIsolation, PortRenewal
{
    func version() async throws -> EngineVersion
    /// For containers whose files lie in `path`.
    func namespaceOutlook(at path: String) async throws -> NamespaceOutlook
    /// Asks the registry whether it takes `credentials`; nothing is stored.
    func logIn(to registry: String, _ credentials: RegistryCredentials) async throws
    /// What happens to containers and their networks, from `since` on, or from now on.
    func events(since: Timestamp?) -> Events
    associatedtype Events: AsyncSequence<ContainerEvent, EngineError> & Sendable
    /// Whether a monitor watches the container, and so holds its ports of the host, although the engine says that it never began.
    static func hasMonitor(_ id: String) -> Bool
}

extension PodmanEngine: Engine {}
extension DockerEngine: Engine {}

extension EngineConnection {
    /// Whoever answers on the socket: nothing else of this module knows one engine from another.
    func engine() async throws -> any Engine {
        switch try await product() {
        case .podman: podman
        case .docker: docker
        }
    }
}
