internal import ContainerEngine
internal import Deploying
internal import Logging
internal import Model
internal import Reconciling

/// The container engine of this host: whichever answers on the configured socket.
struct HostEngine: Sendable {
    private let connection: EngineConnection

    /// Opens nothing yet. Call `shutDown()` at the end.
    init(configuration: EngineConfiguration, logger: Logger) {
        connection = EngineConnection(configuration: configuration, logger: logger)
    }

    private var chosen: any Engine { get async throws { try await connection.engine() } }

    /// Of whoever answers; where nobody does, of the one that is expected.
    var traits: EngineTraits { get async { await product.traits } }

    private var product: EngineProduct { get async { (try? await connection.product()) ?? .presumed } }

    func version() async throws -> EngineVersion { try await chosen.version() }

    /// For containers whose files lie in `path`.
    func namespaceOutlook(at path: String) async throws -> NamespaceOutlook {
        try await chosen.namespaceOutlook(at: path)
    }

    func logIn(to registry: String, _ credentials: RegistryCredentials) async throws {
        try await chosen.logIn(to: registry, credentials)
    }

    /// What a cron job asks in place of the socket.
    func program(_ settings: VSNConfiguration.Engine) async -> EngineProgram {
        await EngineProgram(of: product, environment: settings.environment, socket: settings.socket)
    }

    /// What happens to containers and their networks, from now on.
    func events() async throws -> any AsyncSequence<ContainerEvent, EngineError> & Sendable {
        try await chosen.events(since: nil)
    }

    /// The ports of the host that containers of the stack hold. They are given up before the new ones start, so they are
    /// not busy for these. A container that is down holds none: then another program does.
    func ownPorts() async -> Set<UInt16> {
        guard let engine = try? await chosen,
            let own = try? await engine.containers(label: FairleadLabel.stack, value: nil)
        else { return [] }
        return own.filter { container in
            switch container.state {
            case .exited, .restarting: false
            // An engine that was killed while it started it does not know that it began.
            case .created: type(of: engine).hasMonitor(container.id)
            case .running, .paused, .stopping, .unknown: true
            }
        }.reduce(into: []) { $0.formUnion($1.hostPorts) }
    }

    func shutDown() async { await connection.shutDown() }
}

extension HostEngine: StackInsight {}

extension HostEngine: ImageSupply {
    func pull(
        _ image: ImageReference, credentials: RegistryCredentials?, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        try await chosen.pull(image, credentials: credentials, progress: progress)
    }

    func load(_ archive: ImageArchive, progress: @escaping @Sendable (String) -> Void) async throws -> StoredImage {
        try await chosen.load(archive, progress: progress)
    }

    func build(
        _ build: ImageBuild, progress: @escaping @Sendable (String) -> Void
    ) async throws -> StoredImage {
        try await chosen.build(build, progress: progress)
    }

    func images() async throws -> [StoredImage] { try await chosen.images() }
    func isIntact(_ id: String) async throws -> Bool { try await chosen.isIntact(id) }
    func removeImage(_ id: String, force: Bool) async throws { try await chosen.removeImage(id, force: force) }
}

extension HostEngine: ImageInsight {
    func configuration(ofImage name: String) async throws -> ImageConfiguration? {
        try await chosen.configuration(ofImage: name)
    }

    func accounts(by probe: ContainerSpec) async throws -> ImageAccounts? { try await chosen.accounts(by: probe) }

    func writtenPaths(
        in container: String, below paths: [String], beside mounts: Set<String>
    ) async throws -> [String] {
        try await chosen.writtenPaths(in: container, below: paths, beside: mounts)
    }
}

extension HostEngine: ContainerControl {
    func containers(label: String, value: String?) async throws -> [ContainerStatus] {
        try await chosen.containers(label: label, value: value)
    }

    func allContainers() async throws -> [ContainerStatus] { try await chosen.allContainers() }
    func create(_ spec: ContainerSpec) async throws -> String { try await chosen.create(spec) }
    func start(_ id: String) async throws { try await chosen.start(id) }
    func stop(_ id: String, grace: PlanDuration) async throws { try await chosen.stop(id, grace: grace) }
    func removeContainer(_ id: String) async throws { try await chosen.removeContainer(id) }
}

extension HostEngine: UserNamespaces {
    func tryUserNamespace(_ spec: ContainerSpec) async throws { try await chosen.tryUserNamespace(spec) }
}

extension HostEngine: ContainerInsight {
    func inspect(_ id: String) async throws -> ContainerStatus? { try await chosen.inspect(id) }

    func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult {
        do {
            return try await chosen.probe(check, container: container, timeout: timeout)
        } catch {
            return .unhealthy("\(error)")
        }
    }

    func lastExitCode(_ id: String) async throws -> Int? { try await chosen.lastExitCode(id) }
    func logTail(_ id: String, lines: Int) async throws -> String { try await chosen.logTail(id, lines: lines) }
}

extension HostEngine: NetworkControl {
    func createNetwork(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool
    ) async throws {
        try await chosen.createNetwork(name: name, as: plan, labels: labels, resolvesNames: resolvesNames)
    }

    func networks(label: String, value: String?) async throws -> [String] {
        try await chosen.networks(label: label, value: value)
    }

    func allNetworks() async throws -> [NetworkStatus] { try await chosen.allNetworks() }

    func detachContainers(from network: String) async throws -> [String] {
        try await chosen.detachContainers(from: network)
    }

    func removeNetwork(_ name: String) async throws { try await chosen.removeNetwork(name) }
}

extension HostEngine: NetworkIsolation {
    func createIsolatedNetwork(name: String, subnet: String, labels: [String: String]) async throws {
        try await chosen.createIsolatedNetwork(name: name, subnet: subnet, labels: labels)
    }
}

extension HostEngine: PortRenewal {
    func renewPorts(of container: String, in network: String) async throws {
        try await chosen.renewPorts(of: container, in: network)
    }
}
