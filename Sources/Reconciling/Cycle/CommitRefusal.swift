internal import Model
internal import Planning

/// Refuses commits: nothing of the host is touched, people hear of it once, and it is tried again as what is wrong demands.
struct CommitRefusal: Sendable {
    let source: any CommitSource
    let memory: any ReconcilerJournal
    let naming: CommitNaming
    let failures: FailureLog
    let incidents: LoopIncidents

    func refuse(
        _ commit: Commit, _ error: any Error, notes: [String], deployed: DeployedState?
    ) async throws -> CycleReport {
        try await incidents.planRefused(commit, error, deployed: deployed)
        try await failures.remember(error, key: .commit(commit.id), commit: commit.id)
        try await memory.setVerdict(.refused, note: "\(error)", deployment: nil, of: commit.id)
        return CycleReport(outcome: .refused(commit, error), notes: notes, isDeployed: deployed != nil)
    }

    /// The same, with the commits that brought what is wrong.
    func refuse(
        _ commit: Commit, naming error: any Error, deployed: DeployedState?, notes: [String]
    ) async throws -> CycleReport {
        let named = try await naming.named(error, at: commit, since: deployed)
        return try await refuse(commit, named, notes: notes, deployed: deployed)
    }

    /// A tip that is not believed is looked at again from time to time.
    func refuse(_ why: UntrustedCommit, deployed: DeployedState?, notes: [String]) async throws -> CycleReport {
        try await refuse(try await source.commit(why.tip), why, notes: notes, deployed: deployed)
    }
}
