public import Deploying
public import Model

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
    /// What became of data directories that are others than they were, by name.
    public var changedData: [String: DataChange]
    /// The containers of the plan that the engine started on such a directory.
    public var strayed: Set<String> = []
    /// Data directories in whose place another one is right by now, as after `fairlead adopt`, by the container of the plan that
    /// still works in the one of before.
    public var leftBehind: [String: Set<String>] = [:]
    /// What the host itself sees of containers that run or stop, by id, as far as it is known.
    public var lives: [String: ContainerLife] = [:]
    /// Published ports of the plan that lead nobody to their container.
    public var deadPorts: [PortFault] = []
    /// The stack's own network, where it exists.
    public var network: NetworkStatus?
    /// What is wrong with the host's side of that.
    public var networkFault: NetworkFault?

    public init(
        containers: [ContainerStatus], networks: Set<String>, limits: [String: ResourcePlan] = [:],
        givenUp: Set<String> = [], origins: [String: Int64] = [:], changedData: [String: DataChange] = [:]
    ) {
        self.containers = containers
        self.networks = networks
        self.limits = limits
        self.givenUp = givenUp
        self.origins = origins
        self.changedData = changedData
    }

    /// Of the stack of `plan`. Two lists from the engine; only what is down is inspected, since a look is taken with every poll.
    public init(
        of plan: ResolvedPlan, engine: any StackInsight, surroundings: any ContainerSurroundings,
        ports: any PortInsight & NetworkInsight, data: any DataInsight, origins: [String: Int64]
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
            givenUp: surroundings.containersGivenUp(), origins: origins, changedData: try await data.changes(of: plan))
        lives = containers.filter { $0.isFairleads && [.running, .stopping].contains($0.state) }
            .reduce(into: [:]) { $0[$1.id] = surroundings.life(of: $1) }
        network = networks.first { $0.name == plan.networkName }
        networkFault = await networkFault(ports)
        deadPorts = try await portFaults(
            of: plan, PortObserver(ports, families: network?.families ?? []) { try await engine.inspect($0) })
        for name in plan.containers.keys {
            let isSeen = dataSeen(by: name, in: plan, surroundings)
            if isSeen.contains(where: { $0.value && changedData[$0.key] == .replaced }) { strayed.insert(name) }
            let others = Set(isSeen.filter { !$0.value && changedData[$0.key] == nil }.keys)
            if !others.isEmpty { leftBehind[name] = others }
        }
    }

    /// Without a container on it a network needs no bridge.
    private func networkFault(_ insight: any NetworkInsight) async -> NetworkFault? {
        guard let network, case let count = containersOnNetwork.count, count > 0 else { return nil }
        return await insight.fault(of: network, under: count)
    }

    /// Those of a stack that run on its network, by name.
    var containersOnNetwork: [ContainerStatus] {
        guard let network else { return [] }
        return containers.filter { container in
            container.isFairleads && container.state == .running && container.networks.contains(network.name)
                && lives[container.id].map { $0.age != nil } ?? true
        }
        .sorted { $0.name < $1.name }
    }

    /// A container that has just started may not listen yet, and one whose process is gone is told of for that.
    private func portFaults(of plan: ResolvedPlan, _ observer: PortObserver) async throws -> [PortFault] {
        let running = plan.containers.compactMap { name, container -> PortObserver.Subject? in
            let status = containers(named: name, of: plan.stack).first { $0.name == plan.hostName(of: name) }
            guard let status, status.state == .running, lives[status.id].map({ $0.age != nil }) ?? true else {
                return nil
            }
            let asked = container.askedPorts
            return asked.isEmpty ? nil : PortObserver.Subject(name: name, id: status.id, ports: asked)
        }
        let ages = Dictionary(uniqueKeysWithValues: running.map { ($0.name, lives[$0.id]?.age) })
        return try await observer.faults(of: running.sorted { $0.name < $1.name }).filter { fault in
            guard !fault.cause.isOfHost, let age = ages[fault.container] ?? nil else { return fault.cause.isOfHost }
            return age >= plan.containers[fault.container]?.portPatience ?? .zero
        }
    }

    /// Whether no port of a container is dead in such a way that it is made anew for that.
    func servesInPart(_ name: String) -> Bool {
        deadPorts.allSatisfy { $0.container != name || !$0.cause.isOfHost || !$0.isWorthAStop }
    }

    /// Whether it works in what lies now in the place of a data directory, or in another one that it was started on; without what
    /// cannot be told.
    private func dataSeen(
        by name: String, in plan: ResolvedPlan, _ surroundings: any ContainerSurroundings
    ) -> [String: Bool] {
        let running = containers(named: name, of: plan.stack).filter { $0.state == .running }
        var isSeen: [String: Bool] = [:]
        for volume in plan.containers[name]?.volumes ?? [] {
            guard case .data(let data) = volume.source else { continue }
            for container in running {
                let sees = surroundings.sees(data, of: plan.stack, at: volume.target, in: container)
                if let sees { isSeen[data] = sees || isSeen[data] == true }
            }
        }
        return isSeen
    }

    /// The one of the name `name` in `plan`: with the right name on the host, if there are several.
    public func container(_ name: String, of plan: ResolvedPlan) -> ContainerStatus? {
        OwnContainers(containers, of: plan).container(name)
    }

    /// The containers with the name `name` in the plan of `stack`.
    public func containers(named name: String, of stack: String) -> [ContainerStatus] {
        containers.filter { $0.labels[FairleadLabel.stack] == stack && $0.labels[FairleadLabel.container] == name }
    }
}

extension ContainerStatus {
    var isFairleads: Bool { labels[FairleadLabel.stack] != nil }
}
