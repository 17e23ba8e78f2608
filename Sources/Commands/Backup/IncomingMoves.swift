internal import Backup
internal import HostSystem
internal import Journal
internal import Model
internal import Reconciling

/// Finds the data of the host that this one replaces in the storages of its plan.
struct IncomingMoves: IncomingMoveControl {
    let host: HostComposition
    let journal: Journal

    func inheritance(
        for plan: ResolvedPlan, entries: Set<CommitID>, secrets: Secrets
    ) async throws -> Inheritance {
        guard try await isDataMissing(plan) else { return .none }
        guard let backup = plan.backup, !backup.targets.isEmpty else { return .noStorage }
        guard backup.restore == .newest, let replaced = plan.replaces else { return .none }
        let found = try await host.backups.newestRuns(of: [replaced, plan.host], for: plan, secrets: secrets)
        if let own = found[plan.host], own.commit.map(entries.contains) ?? false { return .own }
        if let last = found[replaced], last.successor?.host == plan.host,
            last.successor.map({ entries.contains($0.commit) }) ?? false
        {
            return .last(last.run)
        }
        return found.values.max { $0.run < $1.run }.map { .earlier($0.run, of: $0.host.description) } ?? .nothing
    }

    func incomingMove() async throws -> IncomingMoveRecord? { try await journal.incomingMove() }
    func setIncomingMove(_ move: IncomingMoveRecord?) async throws { try await journal.setIncomingMove(move) }

    private func isDataMissing(_ plan: ResolvedPlan) async throws -> Bool {
        guard !plan.dataNames.isEmpty else { return false }
        let conditions = try await DataRestore(host: host.host, now: host.context.clock.now)
            .conditions(of: plan.dataNames, in: plan)
        return !conditions.values.contains(where: \.isTaken)
    }
}
