public import Deploying
public import Incidents
public import Logging
public import Model

/// Keeps the stack equal to the plan at the tip of the customer repo's branch, one cycle at a time.
///
/// A cycle is a list of steps in this order; each step is a type of its own, and
/// `StackSteps` and `BranchSteps` connect them.
public struct Reconciler: Sendable {
    public typealias Repository = CommitSource & Ancestry & CommitContents
    public typealias Memory = ReconcilerJournal & FailureMemory & HostMemory & DriftMemory

    private let memory: any Memory
    private let stack: StackSteps
    private let branch: BranchSteps

    public init(
        source: any Repository, gate: CommitGate, journal: any Memory, secrets: any SecretStore,
        stack: any StackInsight, surroundings: any ContainerSurroundings, published: any StackReach,
        data: any DataLearning, machine: any MachineInsight, deployer: Deployer, exclusion: any HostExclusion,
        outgoingMoves: any OutgoingMoveControl, incomingMoves: any IncomingMoveControl,
        reporter: IncidentReporter, files: any IncidentFiles, options: ReconcilerOptions, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        let reader = CandidateReader(
            source: source, secrets: secrets, machine: machine, host: options.host, policy: options.policy,
            stack: options.stack)
        let ports = LoopPorts(
            source: source, gate: gate, memory: journal, attribution: Attribution(source: source, reader: reader),
            stack: stack, surroundings: surroundings, published: published, data: data, deployer: deployer,
            exclusion: exclusion, outgoingMoves: outgoingMoves, incomingMoves: incomingMoves,
            incidents: LoopIncidents(reporter: reporter, files: files, host: options.host),
            options: options, logger: logger, now: now)
        memory = journal
        self.stack = StackSteps(ports)
        branch = BranchSteps(ports, self.stack)
    }

    /// Polls, decides, and deploys where something has to be. Throws when the repo cannot be read; the stack then runs on.
    /// Does nothing while an operator holds the host back.
    public func cycle(_ scope: Scope) async throws -> CycleReport {
        var scope = scope
        // What holds whichever commit is deployed in the end.
        var notes: [String] = []
        while true {
            var report = try await singleCycle(scope, &notes)
            // Overtaken: the stack is down or half up, so the newer commit does not wait for the next poll.
            guard case .deployment(_, let result) = report.outcome, result.outcome.standing.course == .interrupted
            else {
                report.notes = notes + report.notes
                return report
            }
            scope = Scope(rereads: true, checksStack: false)
        }
    }

    private func singleCycle(_ scope: Scope, _ notes: inout [String]) async throws -> CycleReport {
        await stack.incidents.catchUp()
        do {
            let state = try await state()
            guard let suspension = state.suspension else { return try await steps(scope, state) }
            guard suspension.kind.standing.isElsewhere else { throw HeldBack(suspension: suspension) }
            switch try await branch.moves.follow(state) {
            case .report(let report): return report
            case .deploy(let found):
                notes += found
                return try await steps(.full, try await self.state())
            }
        } catch let held as HeldBack {
            return CycleReport(outcome: .suspended(held.suspension))
        }
    }

    private func steps(_ scope: Scope, _ begin: HostState) async throws -> CycleReport {
        let unseen = try await branch.moveAtBoot.leavesWhileDown(begin) ? nil : try await tendHost(scope, begin)
        var state = try await state()
        let tip = try await branch.follower.tip(scope, state)
        // The fetch of it may have taken hours, in which the stack was looked after.
        if !tip.isUnchanged { state = try await self.state() }
        try await branch.freshness.tend(tip.commit, deployed: state.deployed)
        switch tip {
        case .unchanged(let seen):
            if let unseen { throw unseen }
            return CycleReport(outcome: .unchanged(seen))
        case .untrusted(let why, let notes):
            return try await branch.refusal.refuse(why, deployed: state.deployed, notes: notes)
        case .changed(let commit, let notes):
            if let report = try await branch.departure.moveOut(at: commit, state, notes: notes) { return report }
            return try await stack.exclusive.run(for: "reconcile") { state in
                try await branch.deployment.run(on: commit, state, notes: notes, force: scope.force)
            }
        }
    }

    private func state() async throws -> HostState { try await HostState(readingFrom: memory) }

    /// Returns the error of an engine that is silent: that is no reason not to poll, unless the stack is asked for.
    private func tendHost(_ scope: Scope, _ state: HostState) async throws -> (any Error)? {
        try await stack.recovery.finish(state)
        do {
            _ = try await stack.repair.tend()
            return nil
        } catch let error where !(scope.checksStack || error is CancellationError || error is HeldBack) {
            return error
        }
    }
}

extension Reconciler {
    /// Between two polls, when something happened to a container. Asks no git server. Returns whether a newer commit
    /// overtook a repair, and is to be polled for now.
    public func checkStack() async throws -> Bool { try await stack.repair.tendBetweenPolls() }

    /// Ends what was told and remembered of a stack, where nothing counts as deployed any more.
    public func forgetStack() async throws { try await stack.observer.drift.forgetStack() }

    /// Starts what maintenance stopped: the saved plan, whatever of it runs, after a deployment that was cut off is
    /// finished. `nil` when nothing counts as deployed. The caller holds the lock.
    public func startAfterMaintenance() async throws -> DeploymentResult? {
        try await MaintenanceEnd(memory: memory, recovery: stack.recovery, runner: stack.runner).start()
    }

    public var operatorRollBack: OperatorRollBack { stack.rollBack }

    /// `nil` when no retry is planned.
    func timeToNextRetry() async -> Duration? {
        guard let tip = try? await memory.lastSeen(), (try? await memory.suspension()) == .some(nil)
        else {
            return nil
        }
        return try? await stack.failures.timeToNextTry(at: tip.commit.id)
    }
}
