internal import Model

/// What the journal says of this host at one moment.
///
/// A cycle reads it when it begins, after the steps that may have deployed, and after a fetch; `ExclusiveWork` reads it under the
/// host's lock, since until then another process may have deployed. Whoever looks at containers reads the journal for itself:
/// both have to be of one moment.
struct HostState: Sendable {
    typealias Memory = ReconcilerJournal & FailureMemory & HostMemory

    /// What holds the host back.
    let suspension: Suspension?
    let unfinished: DeploymentRecord?
    let deployed: DeployedState?
    /// The newest commit that was seen at the tip.
    let lastSeen: CommitRecord?
    let failures: [FailedPlan]
    /// The boot during which the stack was last known to be whole.
    let lastBootID: String?

    init(readingFrom memory: any Memory) async throws {
        suspension = try await memory.suspension()
        unfinished = try await memory.unfinishedDeployment()
        deployed = try await memory.deployedState()
        lastSeen = try await memory.lastSeen()
        failures = try await memory.failures()
        lastBootID = try await memory.lastBootID()
    }

    func failure(of key: FailureKey) -> FailedPlan? { failures.first { $0.key == key } }
}
