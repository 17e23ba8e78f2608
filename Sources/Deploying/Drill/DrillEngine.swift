public import Model

/// The host's engine as a drill may use it: a `Deployer` that acts through it sees and touches nothing but what the drill
/// made, and what it makes is taken for the stack's by nobody.
///
/// The label of the stack stands for that of the drill here; what carries the real one looks like somebody else's.
public struct DrillEngine: Sendable {
    public typealias Base = ImageSupply & ImageInsight & ContainerControl & ContainerInsight & NetworkControl
        & NetworkIsolation & UserNamespaces
    /// Of a check that goes to an address: the host has none on the drill's network.
    public typealias NetworkProbe = @Sendable (HealthCheck, ContainerStatus, PlanDuration) async -> ProbeResult

    let base: any Base
    /// By container.
    let addresses: [String: String]
    /// Addresses by name.
    let hosts: [String: String]
    let networkProbe: NetworkProbe

    /// For the drill of `plan`; without one it only removes what others left.
    public init(_ base: any Base, plan: DrillPlan?, networkProbe: @escaping NetworkProbe) {
        self.base = base
        addresses = plan?.addresses ?? [:]
        hosts = plan?.hosts ?? [:]
        self.networkProbe = networkProbe
    }

    /// Ends everything that any drill made and left.
    public func removeAll() async throws {
        for container in try await containers(label: FairleadLabel.stack, value: nil) {
            try await base.removeContainer(container.id)
        }
        for network in try await networks(label: FairleadLabel.stack, value: nil) {
            _ = try await base.detachContainers(from: network)
            try await base.removeNetwork(network)
        }
    }

    private static let foreign = DeploymentError(
        "a drill ends only what it made", hint: "this is a fault of fairlead; please report it", disposition: .permanent
    )

    private func disguised(_ labels: [String: String]) -> [String: String] {
        var labels = labels
        labels[FairleadLabel.stack] = labels.removeValue(forKey: FairleadLabel.drill)
        return labels
    }

    private func disguised(_ status: ContainerStatus) -> ContainerStatus {
        var status = status
        status.labels = disguised(status.labels)
        return status
    }

    private func real(_ labels: [String: String]) -> [String: String] {
        var labels = labels
        labels[FairleadLabel.drill] = labels.removeValue(forKey: FairleadLabel.stack)
        return labels
    }

    private func real(_ label: String) -> String { label == FairleadLabel.stack ? FairleadLabel.drill : label }
}

extension DrillEngine: ContainerControl {
    public func containers(label: String, value: String?) async throws -> [ContainerStatus] {
        try await base.containers(label: real(label), value: value)
            .filter { $0.labels[FairleadLabel.drill] != nil }.map(disguised)
    }

    public func allContainers() async throws -> [ContainerStatus] { try await base.allContainers().map(disguised) }

    public func create(_ spec: ContainerSpec) async throws -> String {
        let name = spec.labels[FairleadLabel.container] ?? ""
        var spec = spec.drilled(at: addresses[name], hosts: hosts)
        spec.labels = real(spec.labels)
        return try await base.create(spec)
    }

    public func start(_ id: String) async throws { try await base.start(id) }

    public func stop(_ id: String, grace: PlanDuration) async throws {
        guard try await isOwn(id) else { throw Self.foreign }
        try await base.stop(id, grace: grace)
    }

    public func removeContainer(_ id: String) async throws {
        guard try await isOwn(id) else { throw Self.foreign }
        try await base.removeContainer(id)
    }

    private func isOwn(_ id: String) async throws -> Bool {
        guard let status = try await base.inspect(id) else { return true }
        return status.labels[FairleadLabel.drill] != nil
    }
}

extension DrillEngine: UserNamespaces {
    public func tryUserNamespace(_ spec: ContainerSpec) async throws {
        var spec = spec
        spec.labels = real(spec.labels)
        try await base.tryUserNamespace(spec)
    }
}

extension DrillEngine: ContainerInsight {
    public func inspect(_ id: String) async throws -> ContainerStatus? { try await base.inspect(id).map(disguised) }

    public func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult {
        switch check {
        case .command, .off: await base.probe(check, container: container, timeout: timeout)
        case .http, .tcp: await networkProbe(check, container, timeout)
        }
    }

    public func lastExitCode(_ id: String) async throws -> Int? { try await base.lastExitCode(id) }
    public func logTail(_ id: String, lines: Int) async throws -> String { try await base.logTail(id, lines: lines) }
}

extension DrillEngine: NetworkControl {
    public func createNetwork(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool
    ) async throws {
        guard let subnet = plan.subnet else { throw Self.foreign }
        try await base.createIsolatedNetwork(name: name, subnet: subnet, labels: real(labels))
    }

    public func networks(label: String, value: String?) async throws -> [String] {
        try await base.networks(label: real(label), value: value)
    }

    public func allNetworks() async throws -> [NetworkStatus] {
        try await base.allNetworks().map { network in
            var network = network
            network.labels = disguised(network.labels)
            return network
        }
    }

    public func detachContainers(from network: String) async throws -> [String] {
        guard try await isOwn(network: network) else { throw Self.foreign }
        return try await base.detachContainers(from: network)
    }

    public func removeNetwork(_ name: String) async throws {
        guard try await isOwn(network: name) else { throw Self.foreign }
        try await base.removeNetwork(name)
    }

    private func isOwn(network name: String) async throws -> Bool {
        try await base.networks(label: FairleadLabel.drill, value: nil).contains(name)
    }
}

extension DrillEngine: ImageInsight {
    public func configuration(ofImage name: String) async throws -> ImageConfiguration? {
        try await base.configuration(ofImage: name)
    }

    public func accounts(by probe: ContainerSpec) async throws -> ImageAccounts? {
        var probe = probe
        probe.labels = real(probe.labels)
        return try await base.accounts(by: probe)
    }

    public func writtenPaths(
        in container: String, below paths: [String], beside mounts: Set<String>
    ) async throws -> [String] { [] }
}

extension DrillEngine: ImageSupply {
    /// What a recovery of this very moment would start is on the host; another image would rehearse something else.
    private func missing(_ image: String) -> DeploymentError {
        DeploymentError(
            "\(image) is not on this host any more, so the stack cannot be started a second time",
            hint: "'fairlead reconcile' brings it; then 'fairlead backup drill'", disposition: .transient)
    }

    public func pull(
        _ image: ImageReference, credentials: RegistryCredentials?, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage { throw missing("image '\(image)'") }

    public func load(
        _ archive: ImageArchive, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage { throw missing("the image of an archive") }

    public func build(
        _ build: ImageBuild, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage { throw missing("image '\(build.tag)'") }

    public func images() async throws -> [StoredImage] { try await base.images() }
    public func isIntact(_ id: String) async throws -> Bool { try await base.isIntact(id) }
    public func removeImage(_ id: String, force: Bool) async throws {}
}

extension ContainerSpec {
    /// For a drill: without what others find it by, and without power over the host.
    func drilled(at address: String?, hosts: [String: String]) -> Self {
        var spec = self
        spec.ports = []
        spec.aliases = []
        spec.addresses = [address].compactMap(\.self)
        spec.hosts = hosts
        for index in spec.mounts.indices where spec.mounts[index].readOnly {
            spec.mounts[index].includesMounts = false
        }
        spec.privileged = false
        spec.restarts = false
        spec.yields = true
        return spec
    }
}
