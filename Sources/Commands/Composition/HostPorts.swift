internal import Deploying
internal import HostSystem
internal import Jobs
internal import Model

/// How this host and its containers reach each other: the host asks, the engine leads there.
struct HostPorts: PortInsight, PortRenewal, NetworkInsight, NetworkRepairing {
    let host: HostSystem
    let engine: HostEngine

    func answers(from ports: Set<PublishedPort>) async -> [PublishedPort: PortAnswer] {
        await host.answers(from: ports)
    }

    func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer] {
        await host.answers(within: places)
    }

    func answers(byRules rules: Set<PortRule>) async -> [PortRule: PortAnswer] {
        guard !rules.isEmpty, let list = try? await host.portRules(listedBy: PortRuleReader.listing) else { return [:] }
        return await PortRuleReader(for: host.engineProgram().product).answers(to: rules, in: list)
    }

    func renewPorts(of container: String, in network: String) async throws {
        try await engine.renewPorts(of: container, in: network)
    }

    func fault(of network: NetworkStatus, under containers: Int) async -> NetworkFault? {
        NetworkBridges(of: host).fault(of: network, under: containers)
    }

    func repair(_ fault: NetworkFault, of network: NetworkStatus, containers: [String]) async throws {
        switch fault {
        case .down, .bare: try await NetworkBridges(of: host).makeWhole(network)
        case .gone, .loose:
            // First the bridge: the engine takes no container out of a network that has none.
            try await NetworkBridges(of: host).makeWhole(network)
            for container in containers { try await renewPorts(of: container, in: network.name) }
        case .nameless:
            // The engine starts the name server with the next container that comes.
            if let container = containers.first { try await renewPorts(of: container, in: network.name) }
        }
    }
}
