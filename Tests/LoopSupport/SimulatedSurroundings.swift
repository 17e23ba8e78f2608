internal import Deploying
public import Incidents
public import Model
public import Reconciling
internal import Synchronization

/// What the loop asks beside the engine, the repo and the journal, of a host on which all of that is well.
public final class SimulatedSurroundings: Sendable {
    let calls: Calls
    private let mails = Mutex<[DueNotification]>([])
    private let other = Mutex<(@Sendable () async throws -> Void)?>(nil)

    public init(calls: Calls) { self.calls = calls }

    /// What another process does that has the host's lock when it is next asked for.
    public func beforeLock(_ other: @escaping @Sendable () async throws -> Void) {
        self.other.withLock { $0 = other }
    }

    /// What people were told, the oldest first.
    public var told: [DueNotification] { mails.withLock { $0 } }
}

extension SimulatedSurroundings: ContainerSurroundings {
    public func limits(of container: ContainerStatus) -> ResourcePlan? { nil }
    public func life(of container: ContainerStatus) -> ContainerLife? { ContainerLife(age: .seconds(600)) }
    public func containersGivenUp() -> Set<String> { [] }
    public func sees(_ data: String, of stack: String, at target: String, in container: ContainerStatus) -> Bool? {
        true
    }
}

extension SimulatedSurroundings: StackReach {
    public func answers(from ports: Set<PublishedPort>) -> [PublishedPort: PortAnswer] {
        Dictionary(uniqueKeysWithValues: ports.map { ($0, .taken) })
    }
    public func answers(within places: Set<PortPlace>) -> [PortPlace: PortAnswer] {
        Dictionary(uniqueKeysWithValues: places.map { ($0, .taken) })
    }
    public func answers(byRules rules: Set<PortRule>) -> [PortRule: PortAnswer] {
        Dictionary(uniqueKeysWithValues: rules.map { ($0, .taken) })
    }
    public func renewPorts(of container: String, in network: String) throws { try calls.enter("renewPorts") }
    public func fault(of network: NetworkStatus, under containers: Int) -> NetworkFault? { nil }
    public func repair(_ fault: NetworkFault, of network: NetworkStatus, containers: [String]) throws {
        try calls.enter("repairNetwork")
    }
}

extension SimulatedSurroundings: SecretStore, MachineInsight {
    public func secrets(in tree: any SourceTree) -> Secrets { Secrets() }
    public func digest(of value: String) -> String { value }
    public func publicKey() -> String { "ssh-ed25519 AAAA" }
    public func conditions(of places: Set<DataPlace>) -> [DataPlace: DataCondition] {
        Dictionary(uniqueKeysWithValues: places.map { ($0, .missing) })
    }
}

extension SimulatedSurroundings: HostExclusion {
    public func withExclusion<Result: Sendable>(
        for purpose: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let other = other.withLock { other in
            defer { other = nil }
            return other
        }
        try await other?()
        return try await body()
    }
}

extension SimulatedSurroundings: IncidentFiles, Notifier {
    public func content() -> SpoolContent { SpoolContent() }
    public func drop(_ file: String) {}
    public func setAside(_ file: String) {}
    public func queue(_ mail: DueNotification) -> Bool {
        mails.withLock { $0.append(mail) }
        return true
    }
    public func hearsOfChecks() -> Bool { false }
    public func sendSoon() {}
    public func sendLeftovers() {}
    public func adoptSettings(of plan: ResolvedPlan, secrets: Secrets) {}
}
