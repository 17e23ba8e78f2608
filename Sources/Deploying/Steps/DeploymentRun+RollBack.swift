internal import Model

extension DeploymentRun {
    /// After a failure that followed the first stop: containerless, or the previous plan where the new plan asks for it.
    func rollBack(after failure: DeploymentError) async throws -> DeploymentEnd {
        do {
            let start = try await step(.rollBack) { try await restorePrevious() }
            return DeploymentEnd(
                outcome: start == .starts ? .previous : .containerless, error: start.explaining(failure.message),
                hint: failure.hint, keepsDeployed: start == .starts)
        } catch let error where error.failsStep {
            let second = DeploymentError(error, redactedBy: request.secrets)
            return DeploymentEnd(
                outcome: .broken,
                error: "the roll back failed: \(LogTail.split(second.message).reason); it followed: \(failure.message)",
                hint: "look at 'podman ps -a', mend the host, then run fairlead retry")
        }
    }

    /// Returns whether the previous plan runs again; the host is containerless otherwise.
    private func restorePrevious() async throws -> PreviousStart {
        let whole = wholeStack
        try await whole.tearDown()
        try await DataRenames(of: self).undo()
        let hasAllData = await discardData(keeping: request.previous?.state.desired.plan)
        try await ports.settings.restoreHostSettings()
        let start = PreviousStart.about(request, hasUntouchedData: data.isUntouched, under: options.policy)
        guard start == .starts, let previous = request.previous, let secrets = previous.secrets else {
            if case .refused(let why) = start { ports.observer.deployment(.note(why)) }
            try await removeRemains()
            return start == .starts ? .stays : start
        }
        guard hasAllData, await SnapshotKeeper(run: whole).putBackForPrevious() else {
            ports.observer.deployment(.note("the previous plan is not started: its data is not restored"))
            try await removeRemains()
            return .stays
        }
        do {
            try await whole.establish(previous.state, secrets: secrets)
            return .starts
        } catch let error where error.failsStep {
            ports.observer.deployment(.note("the previous plan did not start either: \(secrets.telling("\(error)"))"))
            try await whole.tearDown()
            try await removeRemains()
            return .stays
        }
    }

    /// What a containerless host does not need.
    func removeRemains() async throws {
        try await ports.jobs.removeJobs(of: plan, commit: request.commit, deployment: id)
        try await removeSecretFiles()
    }

    /// A host without containers keeps no secret in the clear.
    private func removeSecretFiles() async throws {
        var nothing = plan
        nothing.containers = [:]
        _ = try await ports.host.writeSecretFiles(for: nothing, secrets: Secrets())
    }

    private func establish(_ state: DeployedState, secrets: Secrets) async throws {
        let previous = state.startedPlan
        try await checkData(of: previous)
        try await ReleasePreparation(run: self)
            .prepare(Set(previous.containers.keys), of: previous, secrets: secrets)
        let mountsFiles = previous.containers.values.contains { !$0.files.isEmpty }
        let prepared = PreparedStack(
            plan: previous, commit: state.commit, secrets: secrets, images: state.images,
            tree: mountsFiles ? try await ports.trees.tree(of: state.commit) : nil,
            hasJournal: options.hasJournal())
        let gate = HealthGate(
            insight: ports.insight, stabilityPeriod: options.stabilityPeriod, preemption: Preemption(),
            isProven: true)
        try await start(prepared, gate) {
            try await installJobs(of: previous, at: state.commit, secrets: secrets)
        }
        try await ports.host.syncEngineStorage()
    }

    /// Once more for each address that turns out to be lost.
    private func start(
        _ prepared: PreparedStack, _ gate: HealthGate, whenAllStarted: () async throws -> Void
    ) async throws {
        do {
            try await StackStart(run: self, stack: try await create(prepared), gate: gate).run(
                whenAllStarted: whenAllStarted)
        } catch let lost as LostAddress where self.lost.insert(lost) {
            try await tell(lost)
            try await tearDown()
            try await start(prepared, gate, whenAllStarted: whenAllStarted)
        }
    }

    /// The same deployment for every container, whatever was to be replaced; nothing pre-empts a roll back.
    private var wholeStack: DeploymentRun {
        var request = request
        request.replacing = nil
        var run = DeploymentRun(id: id, request: request, ports: ports, options: options, preemption: Preemption())
        run.data = data
        run.lost = lost
        return run
    }
}
