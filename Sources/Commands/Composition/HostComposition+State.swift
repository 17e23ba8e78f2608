internal import Journal
internal import Planning
internal import Reconciling

extension HostComposition {
    /// The candidate at a commit, compared with what the journal says; nothing is touched.
    func candidate(at id: CommitID, deployed: DeployedState?) async throws -> Candidate {
        try await candidates.candidate(at: id, deployed: deployed, lastDeployed: try await lastDeployedPlan())
    }

    /// The same for a directory.
    func candidate(in tree: any SourceTree, as commit: Commit, deployed: DeployedState?) async throws -> Candidate {
        try await candidates.candidate(
            in: tree, as: commit, deployed: deployed, lastDeployed: try await lastDeployedPlan())
    }

    private func lastDeployedPlan() async throws(JournalError) -> ResolvedPlan? {
        do {
            return try await Journal.openReadOnly(at: configuration.journalFile).lastDeployedPlan()
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }

    /// Read without touching anything; `nil` where nothing has run yet.
    func deployedState() async throws(JournalError) -> DeployedState? {
        try await journalIfAny { journal throws(JournalError) in try await journal.deployedState() }
    }

    func lastSnapshotCost() async throws(JournalError) -> SnapshotCost? {
        try await journalIfAny { journal throws(JournalError) in try await journal.lastSnapshotCost() }
    }

    private func journalIfAny<Value>(
        _ read: (Journal) async throws(JournalError) -> Value?
    ) async throws(JournalError) -> Value? {
        do {
            return try await read(try Journal.openReadOnly(at: configuration.journalFile))
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }
}
