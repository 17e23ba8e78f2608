internal import Model

/// How long the repo is out of reach.
struct BranchStaleness: Sendable {
    let memory: any HostMemory & ReconcilerJournal
    let incidents: LoopIncidents
    /// How long it may be, before that is an incident.
    let limit: PlanDuration
    let now: @Sendable () -> Timestamp

    /// Runs `body`, which brings the tip, and remembers whether it did.
    func noting<Tip: Sendable>(_ body: () async throws -> Tip) async throws -> Tip {
        let tip: Tip
        do {
            tip = try await body()
        } catch let error where !(error is CancellationError) {
            try await noteUnreachable(error)
            throw error
        }
        try await noteReached()
        return tip
    }

    /// Whatever keeps the tip from being here and followed: no server, no fetch, a history that is refused.
    private func noteUnreachable(_ error: any Error) async throws {
        guard let since = try await memory.recordFetch(succeeded: false), now().since(since) >= limit.duration else {
            return
        }
        try await incidents.repositoryIsStale(
            since: since, for: limit, error, deployed: try await memory.deployedState())
    }

    private func noteReached() async throws {
        _ = try await memory.recordFetch(succeeded: true)
        guard try await incidents.isRepositoryStale else { return }
        try await incidents.repositoryIsCurrent(try await memory.deployedState())
    }
}
