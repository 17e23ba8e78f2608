internal import Model

/// Sees to it that a network is whole on this host before a container is started on it, and that nothing is left of one that
/// was removed.
struct BridgeCare: Sendable {
    let ports: DeploymentPorts

    func makeWhole(_ name: String) async throws {
        guard let network = try await ports.networks.allNetworks().first(where: { $0.name == name }),
            let interface = network.interface, let bridge = try await ports.bridges.bridge(named: interface)
        else { return }
        let isInUse = try await ports.containers.allContainers().contains {
            $0.networks.contains(name) && $0.holdsService
        }
        switch BridgeRemedy(bridge, of: network, isInUse: isInUse) {
        case .none: return
        case .remove:
            try await ports.bridges.removeBridge(named: interface)
            note("removed bridge '\(interface)', which was left half made; the engine makes it anew")
        case .readdress(let addresses):
            try await ports.bridges.readdressBridge(named: interface, addresses)
            note("gave bridge '\(interface)' its address back: \(addresses.joined(separator: ", "))")
        }
    }

    /// An engine that is killed while it ends containers leaves the bridge, whose subnet is in use then for whoever makes
    /// the network again.
    func removeRemains(of network: NetworkStatus?) async throws {
        guard let interface = network?.interface, try await ports.bridges.bridge(named: interface) != nil else {
            return
        }
        try await ports.bridges.removeBridge(named: interface)
        note("removed bridge '\(interface)', which the engine had left")
    }

    private func note(_ text: String) { ports.observer.deployment(.note(text)) }
}
