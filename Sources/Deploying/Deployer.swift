public import Model
internal import Planning

/// Runs deployments, one at a time; the caller holds the host's lock.
public struct Deployer: Sendable {
    let ports: DeploymentPorts
    let options: DeploymentOptions

    public init(ports: DeploymentPorts, options: DeploymentOptions) {
        self.ports = ports
        self.options = options
    }

    /// Runs the five steps. A failure is a result, with the outcome of its roll back; what is thrown is a cancellation,
    /// or a journal that cannot be written, and leaves a deployment without an outcome for the next start to finish.
    public func deploy(_ request: DeploymentRequest, preemption: Preemption = Preemption()) async throws
        -> DeploymentResult
    {
        let run = try await begin(request, preemption)
        do {
            return try await carryOut(run)
        } catch let failure as StepFailure {
            var end = try await end(of: run, after: failure)
            if end.outcome.standing.stack == .previous { end.downtimeMilliseconds = failure.downtime.milliseconds }
            let copies = (try? await ports.snapshots.snapshots()) ?? []
            let cause = failure.underlying.explained(by: end)
            guard let advice = RollBackAdvice(run, after: end.outcome, copies: copies) else {
                return try await conclude(run, end, error: cause)
            }
            let error = cause.advising(advice)
            end.hint = error.hint
            return try await conclude(run, end, error: error)
        } catch let failure as JournalFailure {
            throw failure.underlying
        }
    }

    /// Ends every container of `request`'s stack and its network; data and images stay.
    public func tearDown(_ request: DeploymentRequest) async throws -> DeploymentResult {
        let run = try await begin(request, Preemption())
        do {
            try await run.step(.tearDown) {
                try await run.tearDown()
                try await DataRenames(of: run).undo()
                _ = await run.discardData(keeping: nil)
                try await ports.data.release(run.plan.stack)
                try await run.removeRemains()
                // Nothing, unless a deployment was cut off before this.
                try await ports.settings.restoreHostSettings()
                // A backup or a restore makes them again.
                await run.keepMounts(of: nil)
            }
            let downtime = Downtime(before: request.downBefore).milliseconds
            return try await conclude(
                run, DeploymentEnd(outcome: .tornDown, downtimeMilliseconds: downtime), error: nil)
        } catch let error where error.failsStep {
            let failure = DeploymentError(error, redactedBy: request.secrets)
            let end = DeploymentEnd(
                outcome: .broken, error: failure.message, hint: "mend it and run fairlead teardown again")
            return try await conclude(run, end, error: failure)
        } catch let failure as JournalFailure {
            throw failure.underlying
        }
    }

    /// Closes the record of a deployment that was cut off before it touched the stack, and takes back what it changed
    /// of the host; `previous` is what counts as deployed.
    public func closeUntouched(_ unfinished: DeploymentRecord, previous: PreviousStack?) async throws {
        await ports.keepSettings(of: previous)
        // The next deployment does it again where this fails.
        if let stack = previous?.state.desired.plan.stack { _ = try? await ports.restore.discardData(of: stack) }
        let remains = await ports.restoreHostSide(
            to: unfinished.steps.contains { $0.step == .maintenance } ? previous : nil, redactedBy: Secrets())
        try await close(unfinished, remains, hint: "nothing had been touched; the commit is looked at again")
    }

    /// Closes the record of a repair that was cut off; `deployed` counted as deployed, and still does.
    public func closeRepair(_ unfinished: DeploymentRecord, _ deployed: PreviousStack?) async throws {
        await ports.keepSettings(of: deployed)
        let remains = await ports.restoreHostSide(to: nil, redactedBy: Secrets())
        try await close(unfinished, remains, hint: "what is left is compared with what was deployed, and repaired")
    }

    private func close(_ unfinished: DeploymentRecord, _ remains: String, hint: String) async throws {
        try await ports.journal.end(
            unfinished.id,
            DeploymentEnd(
                outcome: .interrupted, error: "cut off in step '\(unfinished.lastStep)'" + remains, hint: hint,
                keepsDeployed: true))
    }

    private func begin(_ request: DeploymentRequest, _ preemption: Preemption) async throws -> DeploymentRun {
        await ports.keepSettings(of: request.previous)
        // A crash after the end of that deployment may have kept it from doing so.
        if let previous = request.previous { try await ports.renames.keepRenames(of: previous.state.desired.plan) }
        let changes = request.changes + request.outages + request.remarks
        let id = try await ports.journal.begin(
            NewDeployment(
                commit: request.commit, desired: request.trigger.purpose.takesDown ? nil : request.desired,
                trigger: request.trigger, changes: changes, document: request.document,
                restored: request.restoring?.run))
        if let unfinished = request.recovering {
            // Closed only now: between the two records there is always one that says the stack is not whole.
            try await close(unfinished, "", hint: "deployment \(id) finishes it")
        }
        ports.observer.deployment(
            .began(deployment: id, commit: request.commit, trigger: request.trigger, changes: changes))
        var ports = ports
        ports.observer = RedactedObserver(observer: ports.observer, secrets: request.secrets)
        return DeploymentRun(
            id: id, request: restarting(request), ports: ports, options: options, preemption: preemption)
    }

    /// With the containers that the plan wants restarted with those that are replaced.
    private func restarting(_ request: DeploymentRequest) -> DeploymentRequest {
        guard let names = request.replacing else { return request }
        var request = request
        let all = request.desired.plan.restarted(with: names)
        request.replacing = all
        for name in all.subtracting(names).sorted() {
            ports.observer.deployment(.note("container '\(name)' is made anew with what it depends on"))
        }
        return request
    }

    /// How far a deployment came.
    private enum Reach {
        case validating
        /// Cron jobs and mail settings, which need no container to stop.
        case hostSide
        case containers
    }

    /// A failed step, with what had been touched by then.
    private struct StepFailure: Error {
        let underlying: DeploymentError
        let reach: Reach
        let downtime: Downtime
    }

    private func carryOut(_ run: DeploymentRun) async throws -> DeploymentResult {
        var reach = run.request.stackWasTouched ? Reach.containers : .validating
        var downtime = Downtime(before: run.request.downBefore)
        let end: DeploymentEnd
        let state: DeployedState
        do {
            let prepared = try await run.step(.validate) { try await run.validate() }
            var started = prepared
            if run.request.touchesContainers {
                reach = .containers
                try await run.step(.tearDown) {
                    // Known before it is over: what fails in between has stopped something, too.
                    if run.request.previous != nil, run.request.stopsService { downtime.firstStop = .now }
                    downtime.firstStop = try await run.tearDown()
                    try await SnapshotKeeper(run: run).keep()
                }
                started = try await startDespiteDamage(run, prepared)
            } else {
                reach = .hostSide
                try await run.step(.maintenance) { try await run.installJobs(of: prepared) }
            }
            state = DeployedState(
                desired: run.request.desired, commit: run.request.commit, deployment: run.id, images: started.images)
            end = DeploymentEnd(
                outcome: .deployed,
                downtimeMilliseconds: run.request.touchesContainers ? downtime.milliseconds : nil, deployed: state)
        } catch let error where error.failsStep {
            throw StepFailure(
                underlying: DeploymentError(error, redactedBy: run.request.secrets), reach: reach, downtime: downtime)
        }
        // Outside of the steps: a healthy stack is not rolled back because its journal cannot be written.
        let result = try await conclude(run, end, error: nil)
        // Not before: a crash in between would leave settings in force of what does not count as deployed. What cannot be
        // forgotten now is forgotten by the next deployment.
        try? await ports.settings.keepHostSettings(of: run.id)
        try? await ports.renames.keepRenames(of: run.plan)
        // What the services wrote meanwhile; the next look at the stack learns it where this fails.
        try? await ports.data.learn(run.plan)
        await run.prune(keeping: state)
        return result
    }

    /// Steps 3 to 5, and once more with images that are brought anew where stored ones turn out to be damaged.
    private func startDespiteDamage(_ run: DeploymentRun, _ prepared: PreparedStack) async throws -> PreparedStack {
        do {
            return try await startAddressed(run, prepared)
        } catch let error where error.failsStep && run.mayHaveDamagedImages {
            guard !error.isInterruption, case let damaged = await run.damagedImages(of: prepared),
                !damaged.isEmpty
            else { throw error }
            try await run.step(.tearDown) {
                try await run.tearDown()
                try await run.drop(damaged)
            }
            return try await startAddressed(run, try await run.step(.validate) { try await run.validate() })
        }
    }

    /// Steps 3 to 5, and once more for each address that turns out to be lost.
    private func startAddressed(_ run: DeploymentRun, _ prepared: PreparedStack) async throws -> PreparedStack {
        do {
            try await start(run, prepared)
            return prepared
        } catch let lost as LostAddress where run.lost.insert(lost) {
            let (whole, stack) = try await run.clearing(prepared, of: lost)
            return try await startAddressed(whole, stack)
        }
    }

    /// Steps 3 to 5. The health gate runs while later containers start; step 5 is what is left of it after that.
    private func start(_ run: DeploymentRun, _ prepared: PreparedStack) async throws {
        let gate = HealthGate(of: run)
        var open = try await run.enter(.create)
        do {
            try await DataRenames(of: run).perform()
            let created = try await run.create(prepared)
            try await StackStart(run: run, stack: created, gate: gate).run {
                try await run.checkLifeline(prepared.repositoryAnswered)
                try await run.leave(open)
                open = try await run.enter(.maintenance)
                try await run.installJobs(of: prepared)
                try await run.leave(open)
                open = try await run.enter(.finalise)
            }
            try await PortGate(run: run, stack: created, preemption: run.preemption).pass()
            try await ports.host.syncEngineStorage()
            try await run.leave(open)
        } catch let error where error.failsStep {
            try await run.leave(open, error: error)
            throw error
        }
    }

    private func end(of run: DeploymentRun, after failure: StepFailure) async throws -> DeploymentEnd {
        let error = failure.underlying
        if error.isInterruption {
            return DeploymentEnd(
                outcome: .interrupted, error: error.message, hint: error.hint,
                keepsDeployed: failure.reach != .containers || run.request.trigger.purpose.repairs)
        }
        let purpose = run.request.trigger.purpose
        if purpose.startsSavedPlan || purpose.repairs && failure.reach == .containers
            || run.request.hasStrays && error.lasts
        {
            // The same software on its own data: what runs of it is worth more than a containerless host.
            let remains = try await endStrays(of: run, after: error)
            // Its settings are those of what counts as deployed.
            try? await ports.settings.keepHostSettings(of: run.id)
            return DeploymentEnd(
                outcome: .broken, error: error.message + remains, hint: error.hint, keepsDeployed: true)
        }
        guard failure.reach == .containers else {
            _ = await run.discardData(keeping: nil)
            await run.keepMounts(of: run.request.previous?.state.desired.plan)
            let remains = await ports.restoreHostSide(
                to: failure.reach == .hostSide ? run.request.previous : nil, redactedBy: run.request.secrets)
            return DeploymentEnd(
                outcome: .refused, error: error.message + remains, hint: error.hint, keepsDeployed: true)
        }
        return try await run.rollBack(after: error)
    }

    /// What the engine itself started, since the host booted or after a crash, before anybody saw that the data is not there,
    /// works on other data. Returns what to add to the error.
    private func endStrays(of run: DeploymentRun, after error: DeploymentError) async throws -> String {
        guard error.lasts, run.request.mayHaveStrays else { return "" }
        do {
            try await run.step(.tearDown) { _ = try await run.tearDown() }
            return ""
        } catch let second where second.failsStep {
            return "; and what the engine started by itself could not be stopped: "
                + DeploymentError(second, redactedBy: run.request.secrets).message
        }
    }

    private func conclude(
        _ run: DeploymentRun, _ end: DeploymentEnd, error: DeploymentError?
    ) async throws -> DeploymentResult {
        options.checkpoint("before outcome")
        try await ports.journal.end(run.id, end)
        options.checkpoint("after outcome")
        let longest = (run.request.changes + run.request.outages).longestDowntime(end.downtimeMilliseconds)
        ports.observer.deployment(
            .ended(
                deployment: run.id, outcome: end.outcome, downtimeMilliseconds: end.downtimeMilliseconds,
                atMostMilliseconds: longest))
        return DeploymentResult(
            deployment: run.id, outcome: end.outcome, error: error, downtimeMilliseconds: end.downtimeMilliseconds,
            downtimeAtMostMilliseconds: longest, passedOver: run.passedOver.all, restoredInPart: run.restoredInPart.all)
    }
}

extension DeploymentRecord {
    /// The step in which it was cut off.
    public var lastStep: String { steps.last?.step.rawValue ?? "begin" }
}
