internal import Planning

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
    func choose(for names: Set<String>, present: [String: Set<String>]) async throws -> [String: [String]] {
        let networks = try await ports.networks.allNetworks()
        // The creation of the containers says so where it is missing.
        guard let network = networks.first(where: { $0.name == plan.networkName }), network.fixesAddresses else {
            return [:]
        }
        var taken: Set<String> = []
        for container in try await ports.containers.allContainers() where container.networks.contains(network.name) {
            taken.formUnion(try await addresses(of: container))
        }
        let table = AddressTable(of: Set(plan.containers.keys), on: network)
        let chosen = table.addresses(of: names, present: present, taken: taken)
        guard let name = names.subtracting(chosen.keys).min() else { return chosen }
        throw DeploymentError(
            "network '\(network.name)' has no address left for container '\(name)'",
            hint: "take foreign containers out of it ('podman ps --filter network=\(network.name)'), or name a larger "
                + "subnet in 'network' of the plan",
            disposition: .transient)
    }

    /// One that is gone meanwhile has none.
    private func addresses(of container: ContainerStatus) async throws -> Set<String> {
        try await ports.insight.inspect(container.id)?.addresses ?? []
    }
}
