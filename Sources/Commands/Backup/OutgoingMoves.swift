internal import Backup
internal import Files
internal import HostSystem
internal import Journal
internal import Model
internal import Reconciling

/// Moves the stack of this host to another one, through its backups.
struct OutgoingMoves: OutgoingMoveControl {
    let host: HostComposition
    let journal: Journal
    let runner: BackupRunner

    func current() async throws -> OutgoingMoveRecord? { try await journal.outgoingMove() }

    func record(_ move: OutgoingMoveRecord?) async throws {
        try await PauseMarker(host.configuration).change(journal) { try await $0.setOutgoingMove(move) }
    }

    func check(_ deployed: DeployedState) async throws {
        let plan = deployed.desired.plan
        guard plan.backup?.targets.isEmpty == false else { throw NoLastBackup(stack: plan.stack) }
        try await host.backups.check(plan, secrets: try await host.secrets(of: deployed))
        // Before the stack is stopped for it.
        let failures = try await runner.lacking(deployed)
        if !failures.isEmpty { throw HostError(lastBackupLacks: failures) }
    }

    func makeLastBackup(
        of deployed: DeployedState, for successor: Successor, opening recipients: [String],
        stop: @escaping @Sendable () async throws -> Void
    ) async throws -> BackupRunID {
        do {
            return try await runner.withExclusion {
                try await runner.copy(deployed, last: .init(successor: successor, recipients: recipients, stop: stop))
                    .run
            }
        } catch let error as BackupRunning {
            throw NotNow(reason: error.message)
        }
    }

    func deliver(_ deployed: DeployedState) async throws -> [String] {
        try await runner.withExclusion { try await runner.deliver(deployed) }.compactMap { delivery in
            delivery.failure.map { "'\(delivery.target)': \($0.message)" }
        }
    }

    func newestRun(
        by successor: String, inPlaceOf deployed: DeployedState, signers: [String]
    ) async throws -> BackupRunID? {
        let plan = deployed.desired.plan
        guard plan.backup != nil else { return nil }
        return try await host.backups.newestRun(
            by: successor, inPlaceOf: plan, signers: signers, secrets: try await host.secrets(of: deployed))
    }

    func data(of plan: ResolvedPlan) async throws -> [String] { try host.host.filledDataDirectories(of: plan) }
}

/// The stack of a host can only move with its data.
struct NoLastBackup: Actionable {
    let stack: String
    var message: String { "the deployed plan of '\(stack)' has no backup target, so its data could not move with it" }
    var hint: String {
        "commit 'backup' without 'replaces' and let it be deployed first; or stop the stack with 'fairlead maintenance "
            + "begin' and copy its data by hand; see docs/move.md"
    }
    var disposition: Disposition { .permanent }
}
