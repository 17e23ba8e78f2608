internal import Deploying
internal import Model
internal import Planning

/// Finds what a roll back can bring back, and how the branch stands to that. Changes nothing.
struct RollBackTargets: Sendable {
    let memory: any ReconcilerJournal
    let deployer: Deployer
    let gate: CommitGate
    let attribution: Attribution

    private var reader: CandidateReader { attribution.reader }

    /// Throws when there is nothing to roll back to. `deployment`: whose plan and data are to come back.
    func target(_ wanted: (deployment: Int64, planDigest: String?)?) async throws -> RollBackTarget {
        if let unfinished = try await unfinished(wanted) { return unfinished }
        let snapshots = try await deployer.snapshots()
        switch RollBackChoice.among(snapshots, wanted: wanted) {
        case .none(let reason): throw NoSnapshot(reason: reason)
        case .snapshot(let snapshot):
            guard let state = snapshot.state else { throw NoSnapshot(reason: "the copy says of no plan") }
            if let objection = reader.policy.objection(to: state.desired.plan) {
                throw RefusedRollBack(state: state, objection: objection)
            }
            return try await target(snapshot, state)
        }
    }

    /// What a roll back that was cut off puts back, which may be in its place already. Throws where `wanted` is another one.
    private func unfinished(_ wanted: (deployment: Int64, planDigest: String?)?) async throws -> RollBackTarget? {
        guard let record = try await memory.unfinishedDeployment(), record.trigger.purpose.rollsBack,
            record.mayHaveTouchedStack, let run = record.restored, let snapshot = try await snapshot(run),
            let state = snapshot.state
        else { return nil }
        // What lies there would be set aside as data of what counts as deployed.
        guard wanted.map({ $0.deployment == state.deployment || $0.planDigest == state.desired.digest }) ?? true else {
            throw UnfinishedRollBack(state: state)
        }
        return try await target(snapshot, state)
    }

    /// With how the branch stands to it.
    func target(_ snapshot: DataSnapshot, _ state: DeployedState) async throws -> RollBackTarget {
        let deployed = try await memory.deployedState()
        let tip = try await memory.lastSeen()
        var target = RollBackTarget(
            snapshot: snapshot, state: state, deployed: deployed, tip: tip, tipDigest: try await tipDigest(tip),
            changes: deployed.map { PlanComparison.changes(from: $0.desired, to: state.desired) } ?? [])
        if target.tipDiffers { target.reverts = try await reverts(from: tip, to: state) }
        return target
    }

    /// Also of one that was put in place by what was cut off.
    func snapshot(_ run: BackupRunID) async throws -> DataSnapshot? {
        let snapshots = try await deployer.snapshots()
        if let found = snapshots.first(where: { $0.run == run }) { return found }
        return snapshots.first { $0.replacement?.run == run }.map { aside in
            var used = aside
            used.run = run
            used.origin = .copied
            used.state = aside.replacement?.state
            return used
        }
    }

    /// `nil` when it has no plan that could be deployed: of a commit that is not believed nothing is read.
    private func tipDigest(_ tip: CommitRecord?) async throws -> String? {
        guard let tip, isBelieved(tip) else { return nil }
        do {
            return try await reader.candidate(at: tip.commit.id, deployed: nil).desired.digest
        } catch let error where !(error is CancellationError) {
            return nil
        }
    }

    private func isBelieved(_ tip: CommitRecord) -> Bool { !gate.isClosed || tip.commit.warrant != nil }

    /// A history that cannot be read is no reason not to roll back.
    private func reverts(from tip: CommitRecord?, to state: DeployedState) async throws -> [Revert]? {
        guard let tip, isBelieved(tip) else { return nil }
        do {
            let departure = BranchDeparture(attribution: attribution)
            return try await departure.reverts(from: tip.commit.id, to: state)
        } catch let error where !(error is CancellationError) {
            return nil
        }
    }
}
