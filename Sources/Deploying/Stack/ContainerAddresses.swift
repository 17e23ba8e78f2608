internal import Model

/// Gives the containers that a deployment makes their addresses on the stack's network, so that who resolved a name once
/// finds its container there for as long as the network lives.
struct ContainerAddresses: Sendable {
    let run: DeploymentRun
    let plan: ResolvedPlan

    private var ports: DeploymentPorts { run.ports }

    /// What the containers have that are replaced alone, before they are stopped; the whole stack gets a network of its own.
    func present() async throws -> [String: Set<String>] {
        guard let names = run.request.replacing, !names.isEmpty else { return [:] }
        var present: [String: Set<String>] = [:]
        for container in try await ports.containers.containers(label: FairleadLabel.stack, value: plan.stack) {
            // What somebody put into its place by hand has one of its own.
            guard names.contains(container.planName), container.labels[FairleadLabel.deployment] != nil else {
                continue
            }
            present[container.planName, default: []].formUnion(try await addresses(of: container))
        }
        return present
    }

    /// Of the containers `names`, whose predecessors are gone from the network; `present` is what those had.
    func choose(for names: Set<String>, present: [String: Set<String>]) async throws -> NetworkPlace {
        let networks = try await ports.networks.allNetworks()
        // The creation of the containers says so where it is missing.
        guard let network = networks.first(where: { $0.name == plan.networkName }), network.fixesAddresses else {
            return NetworkPlace()
        }
        let others = try await addresses(on: network)
        let table = AddressTable(of: Set(plan.containers.keys), on: network)
        let taken = others.reduce(into: Set<String>()) { $0.formUnion($1.addresses) }
        let around = table.addresses(of: names, present: present, taken: taken.union(run.lost.all))
        // In a small network there may be no other; the engine may have lost it for a moment only.
        let isComplete = around.count == names.count
        let chosen = isComplete ? around : table.addresses(of: names, present: present, taken: taken)
        guard let name = names.subtracting(chosen.keys).min() else {
            let hosts = network.resolvesNames ? nil : known(table, chosen, others)
            return NetworkPlace(addresses: chosen, hosts: hosts)
        }
        throw DeploymentError(
            "network '\(network.name)' has no address left for container '\(name)'",
            hint: "take foreign containers out of it ('podman ps --filter network=\(network.name)'), or name a larger "
                + "subnet in 'network' of the plan",
            disposition: .transient)
    }

    /// What every container of the stack is reached at, by its own name and by that on the host.
    private func known(
        _ table: AddressTable, _ chosen: [String: [String]], _ others: [ContainerStatus]
    ) -> [String: String] {
        var hosts = table.addresses(of: Set(plan.containers.keys)).compactMapValues(\.first)
        for container in others where !container.isForeign { hosts[container.planName] = container.address }
        hosts.merge(chosen.compactMapValues(\.first)) { $1 }
        let full = hosts.map { (plan.hostName(of: $0), $1) }
        return hosts.merging(full) { own, _ in own }
    }

    /// The containers that have an address on it.
    private func addresses(on network: NetworkStatus) async throws -> [ContainerStatus] {
        var found: [ContainerStatus] = []
        for container in try await ports.containers.allContainers() where container.networks.contains(network.name) {
            let status = try await ports.insight.inspect(container.id)
            if let status, !status.addresses.isEmpty { found.append(status) }
        }
        return found
    }

    /// One that is gone meanwhile has none.
    private func addresses(of container: ContainerStatus) async throws -> Set<String> {
        try await ports.insight.inspect(container.id)?.addresses ?? []
    }
}
