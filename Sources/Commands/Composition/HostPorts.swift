internal import Deploying
internal import HostSystem
internal import Planning

/// The published ports of this host's containers: the host asks, the engine leads them there.
struct HostPorts: PortInsight, PortRenewal {
    let host: HostSystem
    let engine: HostEngine

    func answers(from ports: Set<PortMapping>) async -> [PortMapping: PortAnswer] { await host.answers(from: ports) }

    func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer] {
        await host.answers(within: places)
    }

    func renewPorts(of container: String, in network: String) async throws {
        try await engine.renewPorts(of: container, in: network)
    }
}
