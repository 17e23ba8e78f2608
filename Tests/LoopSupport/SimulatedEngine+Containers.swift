public import Deploying
public import Model
internal import Synchronization

extension SimulatedEngine: ContainerControl, ContainerInsight {
    public func containers(label: String, value: String?) throws -> [ContainerStatus] {
        try allContainers().filter { container in
            container.labels[label].map { value == nil || $0 == value } ?? false
        }
    }

    public func allContainers() throws -> [ContainerStatus] {
        try calls.enter("containers")
        return state.withLock { $0.containers.values.map(\.status) }.sorted { $0.name < $1.name }
    }

    public func create(_ spec: ContainerSpec) throws -> String {
        try calls.enter("create \(spec.name)")
        return try state.withLock { state in
            guard !state.containers.values.contains(where: { $0.status.name == spec.name }) else {
                throw ScriptedFailure("container '\(spec.name)' exists")
            }
            guard state.networks[spec.network] != nil else {
                throw ScriptedFailure("there is no network '\(spec.network)'")
            }
            state.made += 1
            let id = Self.id(of: "container \(state.made)")
            let status = ContainerStatus(
                id: id, name: spec.name, imageID: spec.image, state: .created, labels: spec.labels,
                networks: [spec.network])
            state.containers[id] = Container(status: status, spec: spec)
            return id
        }
    }

    public func start(_ id: String) throws {
        try calls.enter("start")
        try change(id) { container in
            container.status.state = .running
            container.status.address = container.spec.addresses.first
            container.status.addresses = Set(container.spec.addresses)
        }
    }

    public func stop(_ id: String, grace: PlanDuration) throws {
        try calls.enter("stop")
        try change(id) { container in
            container.status.state = .exited
            container.status.address = nil
            container.status.addresses = []
        }
    }

    public func removeContainer(_ id: String) throws {
        try calls.enter("removeContainer")
        state.withLock { _ = $0.containers.removeValue(forKey: id) }
    }

    public func inspect(_ id: String) throws -> ContainerStatus? {
        try calls.enter("inspect")
        return state.withLock { $0.containers[id]?.status }
    }

    public func probe(
        _ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration
    ) -> ProbeResult {
        state.withLock { state in
            let image = state.images.first { $0.id == container.imageID }
            let isSpoilt = image?.names.contains { state.unhealthy.contains($0) } ?? true
            return isSpoilt ? .unhealthy("connection refused") : .healthy
        }
    }

    public func lastExitCode(_ id: String) -> Int? { nil }
    public func logTail(_ id: String, lines: Int) -> String { "" }

    private func change(_ id: String, _ body: (inout Container) -> Void) throws {
        try state.withLock { state in
            guard var container = state.containers[id] else { throw ScriptedFailure("there is no container '\(id)'") }
            body(&container)
            state.containers[id] = container
        }
    }
}

extension SimulatedEngine: NetworkControl {
    public func createNetwork(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool
    ) throws {
        try calls.enter("createNetwork")
        try state.withLock { state in
            guard state.networks[name] == nil else { throw ScriptedFailure("network '\(name)' exists") }
            state.networks[name] = NetworkStatus(
                name: name, subnets: [Subnet("10.89.0.0/24")].compactMap { $0 }, gateways: ["10.89.0.1"],
                labels: labels)
        }
    }

    public func networks(label: String, value: String?) throws -> [String] {
        try allNetworks().filter { network in network.labels[label].map { value == nil || $0 == value } ?? false }
            .map(\.name)
    }

    public func allNetworks() throws -> [NetworkStatus] {
        try calls.enter("networks")
        return state.withLock { $0.networks.values.sorted { $0.name < $1.name } }
    }

    public func detachContainers(from network: String) throws -> [String] {
        try calls.enter("detachContainers")
        return []
    }

    public func removeNetwork(_ name: String) throws {
        try calls.enter("removeNetwork")
        try state.withLock { state in
            guard !state.containers.values.contains(where: { $0.status.networks.contains(name) }) else {
                throw ScriptedFailure("network '\(name)' is in use")
            }
            state.networks[name] = nil
        }
    }
}
