internal import Backup
internal import HostSystem
internal import Journal
internal import Model
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

    /// Throws what keeps the copies of the stack's data from being seen, such as a disk that is not mounted.
    func checkSightOfCopies() async throws {
        var plan = try await deployedState()?.desired.plan
        if plan == nil { plan = try await lastDeployedPlan() }
        guard let plan, !plan.dataNames.isEmpty else { return }
        let sight = DataSight(of: plan.stack, on: host)
        try await sight.checkCopies()
        guard try await !sight.seesCopies() else { return }
        let journal = try Journal.openReadOnly(at: configuration.journalFile)
        let findings = try await data(journal).findings(on: plan.dataNames, in: plan)
        // A roll back says that other data is coming before it exchanges any: what is gone then was not given up.
        let rollsBack = try await journal.unfinishedDeployment()?.restored != nil
        guard findings.values.allSatisfy({ $0.change == .missing && (rollsBack || $0.known?.released != true) }) else {
            return
        }
        throw UnseenCopies(directory: "\(configuration.dataRoot)/\(plan.stack)")
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

/// The disk that held all data of the stack is not mounted, it seems: an empty directory lies in its place.
struct UnseenCopies: Actionable {
    let directory: String

    var message: String { "cannot look for copies of the data: no data directory of the stack is in '\(directory)'" }
    var hint: String { "mount the disk that they are on, or move them back" }
    var disposition: Disposition { .transient }
}
