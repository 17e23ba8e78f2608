internal import Model

extension DeploymentRun {
    /// What Fairlead did not make and what would stop a deployment halfway, after the old stack is gone.
    func checkForeigners() async throws {
        if !options.exclusive {
            let containers = try await ports.containers.allContainers()
            try checkNames(containers)
            try await checkDependents(containers)
        }
        try await checkNetworks()
    }

    /// A foreign container of the same name would let the creation fail after the old stack is gone.
    private func checkNames(_ containers: [ContainerStatus]) throws {
        let wanted = Set(plan.containers.keys.map { plan.hostName(of: $0) })
        if let foreign = containers.first(where: { wanted.contains($0.name) && $0.isForeign }) {
            throw DeploymentError(
                "a container named '\(foreign.name)' exists that fairlead did not make",
                hint: "remove or rename it (podman rename \(foreign.name) NEW), then run fairlead retry",
                disposition: .transient)
        }
    }

    /// A foreign network of the same name or with the plan's addresses would let the creation fail likewise.
    private func checkNetworks() async throws {
        guard request.replacing == nil else { return }
        let foreign = try await ports.networks.allNetworks().filter { $0.labels[FairleadLabel.stack] == nil }
        let name = plan.networkName
        if foreign.contains(where: { $0.name == name }) {
            throw DeploymentError(
                "a network named '\(name)' exists that fairlead did not make",
                hint: "remove it (podman network rm \(name)), or rename the stack", disposition: .transient)
        }
        for (text, wanted) in plan.network.namedSubnets {
            guard let other = foreign.first(where: { $0.subnets.contains { $0.overlaps(wanted) } }) else { continue }
            throw DeploymentError(
                "subnet '\(text)' overlaps with that of the network '\(other.name)'",
                hint: "choose another in 'network', or remove the other (podman network rm \(other.name))",
                disposition: .transient)
        }
    }

    /// A foreign container that lives in the namespaces of one of the stack's would keep it from being removed.
    private func checkDependents(_ containers: [ContainerStatus]) async throws {
        let own = Dictionary(containers.filter { !$0.isForeign }.map { ($0.id, $0.name) }) { first, _ in first }
        guard !own.isEmpty else { return }
        for foreign in containers where foreign.isForeign {
            let needed = try await ports.insight.inspect(foreign.id)?.dependencies ?? []
            guard let name = needed.compactMap({ own[$0] }).min() else { continue }
            throw DeploymentError(
                "container '\(foreign.name)', which fairlead did not make, lives in the namespaces of '\(name)'",
                hint: "remove it (podman rm --force \(foreign.name)), then run fairlead retry",
                disposition: .transient)
        }
    }
}

extension ContainerStatus {
    var isForeign: Bool { labels[FairleadLabel.stack] == nil }
}
