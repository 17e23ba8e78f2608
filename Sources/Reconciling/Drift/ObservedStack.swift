public import Planning

/// What runs on the host, as one look at it finds it.
public struct ObservedStack: Sendable {
    /// Every container of the engine.
    public var containers: [ContainerStatus]
    /// Names of every network of the engine.
    public var networks: Set<String>
    /// By container id, as far as they are known.
    public var limits: [String: ResourcePlan]
    /// Containers of the plan that the health check leaves alone.
    public var givenUp: Set<String>
    /// The deployment that made each container of the plan, as far as it is known.
    public var origins: [String: Int64]

    public init(
        containers: [ContainerStatus], networks: Set<String>, limits: [String: ResourcePlan] = [:],
        givenUp: Set<String> = [], origins: [String: Int64] = [:]
    ) {
        self.containers = containers
        self.networks = networks
        self.limits = limits
        self.givenUp = givenUp
        self.origins = origins
    }

    /// Two lists from the engine; only what is down is inspected, since a look is taken with every poll.
    public init(
        engine: any StackInsight, surroundings: any ContainerSurroundings, origins: [String: Int64]
    ) async throws {
        let networks = try await engine.allNetworks()
        var containers: [ContainerStatus] = []
        for listed in try await engine.allContainers() {
            guard listed.isFairleads, listed.state == .exited else {
                containers.append(listed)
                continue
            }
            // The list of older engines tells no restarts. Whoever went meanwhile is missing.
            guard let status = try await engine.inspect(listed.id) else { continue }
            containers.append(status)
        }
        self.init(
            containers: containers, networks: Set(networks.map(\.name)),
            limits: containers.filter(\.isFairleads).reduce(into: [:]) { $0[$1.id] = surroundings.limits(of: $1) },
            givenUp: surroundings.containersGivenUp(), origins: origins)
    }

    /// The containers with the name `name` in the plan of `stack`.
    public func containers(named name: String, of stack: String) -> [ContainerStatus] {
        containers.filter { $0.labels[FairleadLabel.stack] == stack && $0.labels[FairleadLabel.container] == name }
    }
}

extension ContainerStatus {
    var isFairleads: Bool { labels[FairleadLabel.stack] != nil }
}
