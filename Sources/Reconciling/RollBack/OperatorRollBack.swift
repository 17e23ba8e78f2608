public import Deploying
internal import Logging
internal import Planning

/// Brings plan and data of before a deployment back, because an operator asks for it. Asks neither a git server nor a
/// registry.
public struct OperatorRollBack: Sendable {
    let parts: LoopParts

    private var journal: any Reconciler.Memory { parts.journal }
    private var deployer: Deployer { parts.deployer }
    private var held: HeldPlans { HeldPlans(memory: journal) }

    /// Throws when there is nothing to roll back to. `deployment`: whose plan and data are to come back.
    public func target(
        _ wanted: (deployment: Int64, planDigest: String?)?
    ) async throws -> RollBackTarget {
        if let cutOff = try await cutOff(wanted) { return cutOff }
        let snapshots = try await deployer.snapshots()
        switch RollBackChoice.among(snapshots, wanted: wanted) {
        case .none(let reason): throw NoSnapshot(reason: reason)
        case .snapshot(let snapshot):
            guard let state = snapshot.state else { throw NoSnapshot(reason: "the copy says of no plan") }
            if let objection = parts.options.policy.objection(to: state.desired.plan) {
                throw RefusedRollBack(state: state, objection: objection)
            }
            return try await target(snapshot, state)
        }
    }

    /// What a roll back that was cut off puts back, which may be in its place already. Throws where `wanted` is another one.
    private func cutOff(_ wanted: (deployment: Int64, planDigest: String?)?) async throws -> RollBackTarget? {
        guard let record = try await journal.unfinishedDeployment(), record.trigger == .rollBack,
            record.mayHaveTouchedStack, let run = record.restored, let snapshot = try await snapshot(run),
            let state = snapshot.state
        else { return nil }
        // What lies there would be set aside as data of what counts as deployed.
        guard wanted.map({ $0.deployment == state.deployment || $0.planDigest == state.desired.digest }) ?? true else {
            throw CutOffRollBack(state: state)
        }
        return try await target(snapshot, state)
    }

    private func target(_ snapshot: DataSnapshot, _ state: DeployedState) async throws -> RollBackTarget {
        let deployed = try await journal.deployedState()
        let tip = try await journal.lastSeen()
        var target = RollBackTarget(
            snapshot: snapshot, state: state, deployed: deployed, tip: tip, tipDigest: try await tipDigest(tip),
            changes: deployed.map { PlanComparison.changes(from: $0.desired, to: state.desired) } ?? [])
        if target.tipDiffers { target.reverts = try await reverts(from: tip, to: state) }
        return target
    }

    /// The caller holds the lock.
    public func run(_ target: RollBackTarget) async throws -> DeploymentResult {
        let unfinished = try await journal.unfinishedDeployment()
        if let unfinished, unfinished.trigger == .rollBack, unfinished.mayHaveTouchedStack {
            try await checkData(target, unfinished)
        }
        return try await run(target, recovering: unfinished)
    }

    /// Finishes a roll back that was cut off after it had stopped the stack; the caller holds the lock. Throws while what it
    /// needs is away: the next poll tries it again.
    func finish(_ cutOff: DeploymentRecord) async throws {
        guard let run = cutOff.restored, let snapshot = try await snapshot(run), let state = snapshot.state else {
            return try await giveUp(cutOff)
        }
        let target = try await target(snapshot, state)
        try await checkData(target, cutOff)
        _ = try await self.run(target, recovering: cutOff)
    }

    /// Throws where `cutOff` has to wait, as for a disk: a try that fails would end it.
    private func checkData(_ target: RollBackTarget, _ cutOff: DeploymentRecord) async throws {
        do {
            try await deployer.checkRollBack(try await request(target, cutOff))
        } catch let error where Disposition.of(error) == .transient {
            throw try await waiting(cutOff, for: error)
        } catch let error where !(error is CancellationError) {
            // Told by what it does, with what becomes of the host.
        }
    }

    /// One whose copy may be on a disk that is away stays open.
    private func giveUp(_ cutOff: DeploymentRecord) async throws {
        let lost: DeploymentError
        do {
            lost = try await deployer.closeLost(cutOff, of: try await stack(of: cutOff))
        } catch let error as any Actionable {
            throw try await waiting(cutOff, for: error)
        }
        try await parts.incidents.rollBackIsStuck(cutOff, lost, outcome: .broken)
    }

    private func waiting(_ cutOff: DeploymentRecord, for error: any Error) async throws -> WaitingRollBack {
        let wait = WaitingRollBack(rollBack: cutOff.id, reason: error)
        try await parts.incidents.rollBackIsStuck(cutOff, wait, outcome: .containerless)
        return wait
    }

    /// Whose data was to come back.
    private func stack(of cutOff: DeploymentRecord) async throws -> String {
        let last = try await journal.lastDeployedPlan()?.stack ?? ""
        guard let commit = cutOff.commit, let tree = try? await parts.source.tree(at: commit),
            let resolution = try? parts.reader.resolution(of: tree, deployed: nil)
        else { return last }
        return resolution.plan.stack
    }

    /// Also of one that was put in place by what was cut off.
    private func snapshot(_ run: BackupRunID) async throws -> DataSnapshot? {
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

    private func run(_ target: RollBackTarget, recovering: DeploymentRecord?) async throws -> DeploymentResult {
        let request = try await knowingOutage(try await request(target, recovering))
        let plans = target.plansToHold
        let digests = Set(plans.keys)
        // First: after a crash the next poll must not deploy again what is taken back.
        let earlier = try await held.hold(plans, saying: message(target), at: parts.now())
        let result = try await deployer.deploy(request)
        switch result.outcome {
        case .deployed:
            try await held.forgetAll(but: digests)
            try await journal.setBootID(parts.options.bootID)
            try await parts.incidents.deploymentSucceeded(request, result)
        case .refused, .interrupted, .tornDown:
            if recovering == nil { try await held.release(digests, to: earlier) }
            return result
        case .previous:
            // What was to be taken back runs on, as it was.
            try await parts.incidents.deploymentFailed(request, result)
            if recovering == nil { try await held.release(digests, to: earlier) }
            return result
        case .containerless, .broken:
            try await parts.incidents.deploymentFailed(request, result)
            if result.outcome == .containerless { try await parts.observer.forgetStack() }
        }
        try await judgeTip(target, result)
        return result
    }

    /// What became of the commit at the tip of the branch, where that is known.
    private func judgeTip(_ target: RollBackTarget, _ result: DeploymentResult) async throws {
        guard let tip = target.tip?.commit.id else { return }
        if let digest = target.tipDigest, target.plansToHold[digest] != nil {
            try await journal.setVerdict(.rolledBack, note: message(target), deployment: result.deployment, of: tip)
        } else if target.branchAsksForIt, result.outcome == .deployed {
            try await journal.setVerdict(
                .deployed, note: "an operator brought it back, with its data", deployment: result.deployment, of: tip)
        }
    }

    private func request(_ target: RollBackTarget, _ recovering: DeploymentRecord?) async throws -> DeploymentRequest {
        guard let secrets = await parts.requests.previousStack(target.state)?.secrets else {
            throw LostSecrets(commit: target.state.commit)
        }
        var request = DeploymentRequest(
            desired: target.state.desired, commit: target.state.commit, secrets: secrets, trigger: .rollBack,
            changes: target.changes, previous: await parts.requests.previousStack(target.deployed),
            knownImages: target.state.images, recovering: recovering, restoring: target.snapshot)
        request.document = try await parts.reader.document(at: target.state.commit)
        if target.deployed == nil { try await parts.outages.goOn(in: &request) }
        return request
    }

    /// With since when what it ends has been down: often that is why somebody rolls back.
    private func knowingOutage(_ request: DeploymentRequest) async throws -> DeploymentRequest {
        var request = request
        if let cutOff = request.recovering {
            request.continueOutage(of: cutOff, parts.outages.timeSince)
            return request
        }
        guard request.previous != nil else { return request }
        do {
            // A process that an operator started has not looked at the stack yet.
            _ = try await parts.observer.look()
        } catch let error where !(error is CancellationError) {
            // What cannot be looked at is no reason not to roll back, which meets it itself.
        }
        return parts.outages.known(to: request)
    }

    /// `nil` when it has no plan that could be deployed: of a commit that is not believed nothing is read.
    private func tipDigest(_ tip: CommitRecord?) async throws -> String? {
        guard let tip, isBelieved(tip) else { return nil }
        do {
            return try await parts.reader.candidate(at: tip.commit.id, deployed: nil).desired.digest
        } catch let error where !(error is CancellationError) {
            return nil
        }
    }

    private func isBelieved(_ tip: CommitRecord) -> Bool { !parts.gate.isClosed || tip.commit.warrant != nil }

    /// A history that cannot be read is no reason not to roll back.
    private func reverts(from tip: CommitRecord?, to state: DeployedState) async throws -> [Revert]? {
        guard let tip, isBelieved(tip) else { return nil }
        do {
            let departure = BranchDeparture(attribution: parts.attribution)
            return try await departure.reverts(from: tip.commit.id, to: state)
        } catch let error where !(error is CancellationError) {
            return nil
        }
    }

    private func message(_ target: RollBackTarget) -> String {
        let wayBack = target.wayBack.map { "\($0), or " } ?? ""
        return "an operator rolled back to \(target.state.desired.plan.version) "
            + "('\(target.state.commit.short)'); \(wayBack)'fairlead retry' deploys it again"
    }
}

/// The values that the plan of before refers to are not here.
struct LostSecrets: Actionable {
    let commit: CommitID

    var message: String { "cannot roll back: the secrets of commit '\(commit.short)' cannot be read" }
    var hint: String { "'fairlead doctor' tells what is wrong with the repo and the identity that opens them" }
    var disposition: Disposition { .transient }
}
