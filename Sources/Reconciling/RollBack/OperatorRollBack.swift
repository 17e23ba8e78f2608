public import Deploying
internal import Logging
internal import Model
internal import Planning

/// Brings plan and data of before a deployment back, because an operator asks for it. Asks neither a git server nor a
/// registry.
public struct OperatorRollBack: Sendable {
    typealias Memory = ReconcilerJournal & FailureMemory & HostMemory

    let memory: any Memory
    let deployer: Deployer
    let targets: RollBackTargets
    let requests: RequestWriter
    let observer: StackObserver

    private var held: HeldPlans { HeldPlans(memory: memory) }
    private var outages: Outages { observer.outages }
    private var incidents: LoopIncidents { observer.incidents }

    /// Throws when there is nothing to roll back to. `deployment`: whose plan and data are to come back.
    public func target(_ wanted: (deployment: Int64, planDigest: String?)?) async throws -> RollBackTarget {
        try await targets.target(wanted)
    }

    /// The caller holds the lock.
    public func run(_ target: RollBackTarget) async throws -> DeploymentResult {
        let unfinished = try await memory.unfinishedDeployment()
        if let unfinished, unfinished.trigger.purpose.rollsBack, unfinished.mayHaveTouchedStack {
            try await checkData(target, unfinished)
        }
        return try await run(target, recovering: unfinished)
    }

    /// Finishes a roll back that was cut off after it had stopped the stack; the caller holds the lock. Throws while what it
    /// needs is away: the next poll tries it again.
    func finish(_ unfinished: DeploymentRecord) async throws {
        guard let run = unfinished.restored, let snapshot = try await targets.snapshot(run), let state = snapshot.state
        else {
            return try await giveUp(unfinished)
        }
        let target = try await targets.target(snapshot, state)
        try await checkData(target, unfinished)
        _ = try await self.run(target, recovering: unfinished)
    }

    /// Throws where `unfinished` has to wait, as for a disk: a try that fails would end it.
    private func checkData(_ target: RollBackTarget, _ unfinished: DeploymentRecord) async throws {
        do {
            try await deployer.checkRollBack(try await request(target, unfinished))
        } catch let error where error.mayPass {
            throw try await waiting(unfinished, for: error)
        } catch let error where !(error is CancellationError) {
            // Told by what it does, with what becomes of the host.
        }
    }

    /// One whose copy may be on a disk that is away stays open.
    private func giveUp(_ unfinished: DeploymentRecord) async throws {
        let lost: DeploymentError
        do {
            lost = try await deployer.closeLost(unfinished, of: try await stack(of: unfinished))
        } catch let error as any Actionable {
            throw try await waiting(unfinished, for: error)
        }
        try await incidents.rollBackIsStuck(unfinished, lost, outcome: .broken)
    }

    private func waiting(_ unfinished: DeploymentRecord, for error: any Error) async throws -> WaitingRollBack {
        let wait = WaitingRollBack(rollBack: unfinished.id, reason: error)
        try await incidents.rollBackIsStuck(unfinished, wait, outcome: .containerless)
        return wait
    }

    /// Whose data was to come back.
    private func stack(of unfinished: DeploymentRecord) async throws -> String {
        let last = try await memory.lastDeployedPlan()?.stack ?? ""
        guard let commit = unfinished.commit, let tree = try? await requests.reader.source.tree(at: commit),
            let resolution = try? requests.reader.resolution(of: tree, deployed: nil)
        else { return last }
        return resolution.plan.stack
    }

    private func run(_ target: RollBackTarget, recovering: DeploymentRecord?) async throws -> DeploymentResult {
        let request = try await knowingOutage(try await request(target, recovering))
        let plans = target.plansToHold
        let digests = Set(plans.keys)
        // First: after a crash the next poll must not deploy again what is taken back.
        let earlier = try await held.hold(plans, saying: message(target), at: outages.now())
        let result = try await deployer.deploy(request)
        let standing = result.outcome.standing
        if standing.isDeployed {
            try await held.forgetAll(but: digests)
            try await memory.setBootID(observer.bootID)
            try await incidents.deploymentSucceeded(request, result)
        } else {
            // The operator reads why nothing was touched.
            if standing.isFailure, standing.stack != .untouched {
                try await incidents.deploymentFailed(request, result)
            }
            guard standing.isFailure, standing.isOutage else {
                // What was to be taken back runs on, as it was.
                if recovering == nil { try await held.release(digests, to: earlier) }
                return result
            }
            if standing.failedContainerless { try await observer.drift.forgetStack() }
        }
        try await judgeTip(target, result)
        return result
    }

    /// What became of the commit at the tip of the branch, where that is known.
    private func judgeTip(_ target: RollBackTarget, _ result: DeploymentResult) async throws {
        guard let tip = target.tip?.commit.id else { return }
        if let digest = target.tipDigest, target.plansToHold[digest] != nil {
            try await memory.setVerdict(.rolledBack, note: message(target), deployment: result.deployment, of: tip)
        } else if target.branchAsksForIt, result.outcome.standing.isDeployed {
            try await memory.setVerdict(
                .deployed, note: "an operator brought it back, with its data", deployment: result.deployment, of: tip)
        }
    }

    private func request(_ target: RollBackTarget, _ recovering: DeploymentRecord?) async throws -> DeploymentRequest {
        guard let secrets = await requests.previousStack(target.state)?.secrets else {
            throw LostSecrets(commit: target.state.commit)
        }
        var request = DeploymentRequest(
            desired: target.state.desired, commit: target.state.commit, secrets: secrets, trigger: .rollBack,
            changes: target.changes, previous: await requests.previousStack(target.deployed),
            knownImages: target.state.images, recovering: recovering, restoring: target.snapshot)
        request.document = try await requests.reader.document(at: target.state.commit)
        if target.deployed == nil { try await outages.continueLast(in: &request) }
        return request
    }

    /// With since when what it ends has been down: often that is why somebody rolls back.
    private func knowingOutage(_ request: DeploymentRequest) async throws -> DeploymentRequest {
        var request = request
        if let unfinished = request.recovering {
            request.continueOutage(of: unfinished, outages.timeSince)
            return request
        }
        guard request.previous != nil else { return request }
        do {
            // A process that an operator started has not looked at the stack yet.
            _ = try await observer.observe()
        } catch let error where !(error is CancellationError) {
            // What cannot be looked at is no reason not to roll back, which meets it itself.
        }
        return outages.added(to: request)
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
