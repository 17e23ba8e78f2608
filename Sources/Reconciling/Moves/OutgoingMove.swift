internal import Deploying
internal import Logging
internal import Model

/// The stack moves to another host: a last backup is made, and the host becomes containerless.
struct OutgoingMove: Sendable {
    let memory: any ReconcilerJournal & FailureMemory
    let control: any OutgoingMoveControl
    let runner: DeploymentRunner
    let exclusive: ExclusiveWork
    let logger: Logger

    private var deployer: Deployer { runner.deployer }
    private var observer: StackObserver { runner.observer }
    private var incidents: LoopIncidents { observer.incidents }
    private var failures: FailureLog { observer.failures }

    /// A stack that runs is not stopped again for what failed, until an operator says so.
    func failedTry(of id: CommitID, _ state: HostState) async throws -> FailedPlan? {
        guard let failure = state.failure(of: .commit(id)), failure.nextAttempt == nil,
            try await observer.sight.isAnyStackUp()
        else { return nil }
        return failure
    }

    /// Recorded before anything is stopped: whatever is cut off from now on, nothing starts the stack again.
    func begin(_ successor: Successor, as plan: ResolvedPlan, _ state: HostState) async throws -> OutgoingMoveRecord {
        let former = try await control.current()
        let deployed = state.deployed ?? former?.deployed
        var move = OutgoingMoveRecord(successor: successor, as: plan, since: failures.now(), deployed: deployed)
        if let deployed {
            if let run = try? await control.newestRun(
                by: successor.host, inPlaceOf: deployed, signers: move.signers)
            {
                move.withoutBackup =
                    "it runs there already and made run \(run) there; what was written on this host since its last "
                    + "backup is on this host only"
            } else {
                try await check(deployed, &move)
            }
        } else {
            move.withoutBackup = "nothing was deployed here, so there is no last backup"
        }
        try await exclusive.exclusion.withExclusion(for: "move the stack to another host") { [move] in
            // Until now another process may have had the lock: an operator's 'fairlead maintenance begin'.
            if let other = try await memory.suspension(), !other.kind.standing.isElsewhere {
                throw HeldBack(suspension: other)
            }
            try await control.record(move)
        }
        return move
    }

    /// A stack that runs is not stopped for a backup that cannot be made; one that is down stays down.
    private func check(_ deployed: DeployedState, _ move: inout OutgoingMoveRecord) async throws {
        do {
            try await control.check(deployed)
        } catch {
            if try await observer.sight.isAnyStackUp() { throw DeploymentError(transient: error) }
            guard deployed.desired.plan.backup == nil else { return }
            move.withoutBackup = "its plan had no 'backup', so its data is on this host only"
        }
    }

    /// Does what is left to do. `plan` is what the new host runs.
    func advance(_ begun: OutgoingMoveRecord, as plan: ResolvedPlan?) async throws -> OutgoingMoveRecord {
        var move = begun
        let isDue = failures.retry.isDue(move.nextAttempt, at: failures.now())
        if move.run == nil, move.withoutBackup == nil, let deployed = move.deployed {
            guard isDue else { return move }
            move = try await makeLastBackup(move, of: deployed)
            guard move.run != nil else { return move }
        }
        try await endStack(move, as: plan)
        if !move.isDone, isDue, let deployed = move.deployed {
            move = try await deliver(move, deployed)
        }
        try await incidents.stackMovesOut(move)
        return move
    }

    private func makeLastBackup(
        _ begun: OutgoingMoveRecord, of deployed: DeployedState
    ) async throws -> OutgoingMoveRecord {
        var move = begun
        let wasUp = try await observer.sight.isAnyStackUp()
        do {
            move.run = try await control.makeLastBackup(
                of: deployed, for: begun.successor, opening: begun.recipients ?? []
            ) {
                try await deployer.stop(deployed.desired.plan) { _ in }
            }
            move.noteSuccess()
            try await control.record(move)
            logger.notice("the last backup is made", metadata: ["run": "\(move.run?.description ?? "")"])
            return move
        } catch let wait as NotNow {
            if wasUp { try await control.record(nil) }
            throw wait
        } catch let error where !error.isInterruption {
            guard !wasUp else {
                try await restart(deployed)
                throw LastBackupFailed(reason: error, successor: begun.successor.host)
            }
            return try await noted("it cannot be made: \(error)", in: move)
        }
    }

    /// The stack goes on as if nothing had been asked for.
    private func restart(_ deployed: DeployedState) async throws {
        try await control.record(nil)
        // What fails here is repaired, and told, by the next cycle.
        _ = try? await exclusive.run(for: "start the stack again") { _ in
            try await runner.startSaved(deployed, after: .restart)
        }
    }

    /// Removes what is left of the stack; its data stays.
    private func endStack(_ move: OutgoingMoveRecord, as plan: ResolvedPlan?) async throws {
        let (deployed, unfinished) = (try await memory.deployedState(), try await memory.unfinishedDeployment())
        guard deployed != nil || unfinished != nil, let desired = (move.deployed?.desired ?? plan.map(Self.desired))
        else { return }
        let previous = (deployed ?? move.deployed).map { PreviousStack(state: $0, secrets: nil) }
        let result = try await exclusive.exclusion.withExclusion(for: "tear down") {
            let result = try await deployer.tearDown(
                DeploymentRequest(
                    desired: desired, commit: move.successor.commit, secrets: Secrets(), trigger: .teardown,
                    previous: previous, recovering: unfinished))
            try await observer.drift.forgetStack()
            return result
        }
        if let error = result.error { throw error }
        logger.notice("the host is containerless", metadata: ["successor": "\(move.successor.host)"])
    }

    private static func desired(_ plan: ResolvedPlan) -> DesiredState { DesiredState(plan: plan) }

    private func deliver(_ begun: OutgoingMoveRecord, _ deployed: DeployedState) async throws -> OutgoingMoveRecord {
        var move = begun
        do {
            let failures = try await control.deliver(deployed)
            guard failures.isEmpty else {
                return try await noted("not everywhere: \(failures.joined(separator: "; "))", in: move)
            }
            move.isDelivered = true
            move.noteSuccess()
            try await control.record(move)
            return move
        } catch let error where !error.isInterruption {
            return try await noted("it cannot be delivered: \(error)", in: move)
        }
    }

    /// Tried again for as long as it takes: the stack is down.
    private func noted(_ failure: String, in begun: OutgoingMoveRecord) async throws -> OutgoingMoveRecord {
        var move = begun
        move.failure = failure
        move.failures += 1
        move.nextAttempt = failures.retry.nextTry(after: move.failures, .transient, at: failures.now())
        try await control.record(move)
        logger.error("the outgoing move waits", metadata: ["reason": "\(failure)"])
        try await incidents.stackMovesOut(move)
        return move
    }
}

extension OutgoingMoveRecord {
    fileprivate mutating func noteSuccess() {
        failure = nil
        failures = 0
        nextAttempt = nil
    }
}

extension DeploymentError {
    /// What a storage or a file on the way may say may pass by itself: nothing was touched, and it is asked again.
    init(transient error: any Error) {
        let known = error as? any Actionable
        self.init(
            known?.message ?? "\(error)", hint: known?.hint ?? "",
            disposition: error.isInterruption ? .interrupted : .transient)
    }
}

/// The stack was stopped for its last backup, and started again without it.
struct LastBackupFailed: Actionable {
    let reason: any Error
    let successor: String

    var message: String {
        "the stack was to move to host '\(successor)', but its last backup could not be made: "
            + "\((reason as? any Actionable)?.message ?? "\(reason)")"
    }
    var hint: String {
        let hint = (reason as? any Actionable)?.hint ?? ""
        return (hint.isEmpty ? "" : "\(hint); ") + "then 'fairlead retry' moves the stack; until then it runs on here"
    }
    /// Each try stops the stack.
    var disposition: Disposition { .permanent }
}
