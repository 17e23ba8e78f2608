internal import Model

extension DeploymentRun {
    /// Step 2: stops what is replaced, in reverse start order, and removes it with the stack's network.
    /// Returns the moment of the first stop of what served; `nil` when nothing did.
    @discardableResult
    func tearDown() async throws -> ContinuousClock.Instant? {
        var began = ContinuousClock.now
        let foreigners = try await endForeigners()
        // What was deployed served until now; where nothing was, users may have come to what somebody else ran.
        let isFirst = request.previous == nil
        if !isFirst { began = .now }
        let existing = try await ownContainers()
        let groups = stopOrder(of: Set(existing.keys), dependsOn: startOrderOfExisting)
        for group in groups {
            _ = try await inParallel(group, limit: options.parallelism) { name in
                for container in existing[name] ?? [] { try await end(container, named: name) }
            }
        }
        if request.replacing == nil { try await removeNetworks() }
        let served = existing.contains { request.serves($0.key) && $0.value.contains(where: \.holdsService) }
        return served || isFirst && foreigners.contains(where: \.holdsService) ? began : nil
    }

    /// On a host that is the stack's alone, what Fairlead did not make: first, since it may live in the namespaces of
    /// the stack's containers, and in rounds, since it may live in those of its own kind.
    private func endForeigners() async throws -> [ContainerStatus] {
        guard options.exclusive, request.replacing == nil else { return [] }
        let foreigners = try await ports.containers.allContainers()
            .filter { $0.isForeign && $0.labels[FairleadLabel.drill] == nil }
        var left = foreigners
        while !left.isEmpty {
            let stuck = try await inParallel(left, limit: options.parallelism) { container in
                do {
                    try await end(container, named: container.name)
                    return nil as (ContainerStatus, any Error)?
                } catch let error where error.failsStep {
                    return (container, error)
                }
            }.compactMap { $0 }
            if let first = stuck.first, stuck.count == left.count { throw first.1 }
            left = stuck.map(\.0)
        }
        return foreigners
    }

    private func end(_ container: ContainerStatus, named name: String) async throws {
        if container.holdsService {
            try await stop(container, named: name)
            try await record(.stopped, name)
        }
        try await DeploymentError.naming(container.id, container.name) {
            try await ports.containers.removeContainer(container.id)
        }
        try await record(.removed, name)
    }

    private func stop(_ container: ContainerStatus, named name: String) async throws {
        try await DeploymentError.naming(container.id, container.name) {
            do {
                try await ports.containers.stop(container.id, grace: grace(of: name))
            } catch let error as any StopRefusal where error.isCrashLoop {
                // It ends by itself sooner than a grace would let it; its removal ends the starts.
            }
        }
    }

    /// The containers to end, by their name in the plan.
    private func ownContainers() async throws -> [String: [ContainerStatus]] {
        // Of every stack: one that was renamed while its deployment was overtaken or failed is known by its label only.
        let all = try await ports.containers.containers(label: FairleadLabel.stack, value: nil)
        let known = OwnContainers(all, of: plan)
        let own = Dictionary(grouping: all) { request.trigger.purpose.repairs ? known.subject(of: $0) : $0.planName }
        return request.replacing.map { names in own.filter { names.contains($0.key) } } ?? own
    }

    private var startOrderOfExisting: [String: [String]] {
        let known = plan.containers.merging(request.previous?.state.desired.plan.containers ?? [:]) { $1 }
        return known.mapValues(\.dependsOn)
    }

    private func grace(of name: String) -> PlanDuration {
        let running = request.previous?.state.desired.plan.containers[name] ?? plan.containers[name]
        return running?.stopTimeout ?? .seconds(10)
    }

    private func removeNetworks() async throws {
        let own = try await ports.networks.allNetworks()
        for network in try await ports.networks.networks(label: FairleadLabel.stack, value: nil) {
            // The engine keeps a network in which somebody's container is left, and so would end the deployment here.
            for name in try await ports.networks.detachContainers(from: network) {
                ports.observer.deployment(.note("took container '\(name)' out of network '\(network)'"))
            }
            try await ports.networks.removeNetwork(network)
            try await BridgeCare(ports: ports).removeRemains(of: own.first { $0.name == network })
        }
    }
}

extension ContainerStatus {
    /// Whether it has a process that can be stopped.
    var holdsService: Bool { state == .running || state == .paused || state == .stopping }

    /// Its name in the plan, or on the host if Fairlead did not make it.
    var planName: String { labels[FairleadLabel.container] ?? name }
}
