internal import Deploying
internal import Logging
internal import Planning

extension Reconciler {
    /// Decides on the commit at the tip and carries the decision out; the caller holds the lock.
    func act(on id: CommitID, notes: [String], force: Bool) async throws -> CycleReport {
        let commit = try await branch.commit(id)
        let deployed = try await journal.deployedState()
        let candidate: Candidate
        do {
            candidate = try await reader.candidate(
                at: id, deployed: deployed, lastDeployed: try await journal.lastDeployedPlan())
        } catch let error where !(error is CancellationError) {
            return try await refuse(commit, naming: error, deployed: deployed, notes: notes)
        }
        let notes = notes + candidate.warnings.map(\.description)
        let failure = try await journal.failure(of: .plan(candidate.desired.digest))
        let unfinished = try await journal.unfinishedDeployment()
        switch Decision.about(
            isDeployed: candidate.isDeployed, onlyHotfixes: candidate.replacing?.isEmpty == false, failure: failure,
            unfinished: unfinished != nil, force: force, now: now())
        {
        case .nothing:
            try await settle(commit, deployed)
            if let boot = try await journal.failures().first(where: \.key.isOfDeployed) {
                return CycleReport(outcome: .remembered(commit, boot), notes: notes)
            }
            return CycleReport(outcome: .nothingToDeploy(commit), notes: notes)
        case .remembered(let failure):
            return CycleReport(outcome: .remembered(commit, failure), notes: notes)
        case .deploy(let trigger):
            var notes = notes
            do {
                switch try await incomingMove.choose(for: candidate, deployed: deployed) {
                case .wait(let reason): return try await waiting(commit, reason, notes: notes)
                case .go(let found): notes += found
                }
            } catch let error where Disposition.of(error) != .interrupted {
                return try await refuse(commit, error, notes: notes, deployed: deployed)
            }
            var request = try await request(for: candidate, trigger: trigger, deployed: deployed)
            request.recovering = unfinished
            if let unfinished { request.continueOutage(of: unfinished, outages.timeSince) }
            let result = try await deploy(request, attempts: failure?.attempts ?? 0)
            return CycleReport(outcome: .deployment(commit, result), notes: notes)
        }
    }

    /// As `refuse` does, with the commits that brought what is wrong.
    private func refuse(
        _ commit: Commit, naming error: any Error, deployed: DeployedState?, notes: [String]
    ) async throws -> CycleReport {
        let fault = FaultAttribution(attribution: attribution, deployed: deployed)
        let named = try await attributing(error) { try await fault.attributed($0, at: commit) }
        return try await refuse(commit, named, notes: notes, deployed: deployed)
    }

    /// `value` with the names of commits that `attribute` adds; as it is where the history cannot be read: that is no
    /// reason not to deploy.
    private func attributing<Value: Sendable>(
        _ value: Value, _ attribute: (Value) async throws -> Value
    ) async throws -> Value {
        do {
            return try await attribute(value)
        } catch let error where !(error is CancellationError) {
            logger.warning("which commit changed what cannot be told", metadata: ["error": "\(error)"])
            return value
        }
    }

    private func waiting(_ commit: Commit, _ reason: String, notes: [String]) async throws -> CycleReport {
        let seen = try await journal.lastSeen()
        if seen?.commit.id != commit.id || seen?.note != reason {
            try await journal.setVerdict(.pending, note: reason, deployment: nil, of: commit.id)
            logger.notice("waiting", metadata: ["for": "\(reason)"])
        }
        return CycleReport(outcome: .waiting(commit, reason), notes: notes)
    }

    /// A commit whose tip was already deployed keeps that verdict; any other changes nothing.
    private func settle(_ commit: Commit, _ deployed: DeployedState?) async throws {
        try await failures.forget { !$0.isOfDeployed }
        if let deployed { try await incidents.nothingToDeploy(deployed) }
        let seen = try await journal.lastSeen()
        guard seen?.commit.id != commit.id || seen?.verdict != .deployed else { return }
        try await journal.setVerdict(
            .nothingToDeploy, note: "the plan is the same", deployment: nil, of: commit.id)
    }

    /// Tells of a tip that is not believed, once, and looks at it again from time to time.
    func refuse(_ why: UntrustedCommit, notes: [String]) async throws -> CycleReport {
        logger.warning(
            "a commit is not believed", metadata: ["commit": "\(why.tip.short)", "reason": "\(why.message)"])
        return try await refuse(
            try await source.commit(why.tip), why, notes: notes, deployed: try await journal.deployedState())
    }

    func refuse(
        _ commit: Commit, _ error: any Error, notes: [String], deployed: DeployedState?
    ) async throws -> CycleReport {
        try await incidents.planRefused(commit, error, deployed: deployed)
        try await failures.remember(error, key: .commit(commit.id), commit: commit.id)
        try await journal.setVerdict(.refused, note: "\(error)", deployment: nil, of: commit.id)
        return CycleReport(outcome: .refused(commit, error), notes: notes, isDeployed: deployed != nil)
    }

    func request(
        for candidate: Candidate, trigger: DeploymentTrigger, deployed: DeployedState?
    ) async throws -> DeploymentRequest {
        let candidate = try await attributing(candidate) { try await attribution.attributed($0, since: deployed) }
        let previous = await previousStack(deployed)
        var request = DeploymentRequest(
            desired: candidate.desired, commit: candidate.commit.id, secrets: candidate.secrets, trigger: trigger,
            changes: candidate.changes, previous: previous,
            replacing: try await isPartOfWhole(trigger, deployed) ? candidate.replacing : nil,
            distrustsStoredImages: try await journal.lastBootID() != options.bootID,
            origin: deployed == nil ? try await takeOvers.takeOver()?.origin ?? .stack : .stack,
            moves: candidate.moves)
        request.document = try await reader.document(at: candidate.commit.id)
        if deployed == nil { try await outages.goOn(in: &request) }
        return request
    }

    /// Whether the rest of the stack can be left as it is: not when it did not start again after a boot.
    private func isPartOfWhole(_ trigger: DeploymentTrigger, _ deployed: DeployedState?) async throws -> Bool {
        guard [.commit, .hotfix, .retry].contains(trigger), let deployed else { return false }
        return try await journal.failure(of: .boot(deployed.desired.digest)) == nil
    }

    func previousStack(_ deployed: DeployedState?) async -> PreviousStack? {
        guard let deployed else { return nil }
        return PreviousStack(state: deployed, secrets: await secrets(of: deployed))
    }

    /// The values that the deployed plan was started with; `nil` when they cannot be read any more.
    private func secrets(of deployed: DeployedState) async -> Secrets? {
        guard !deployed.desired.secretDigests.isEmpty else { return Secrets() }
        guard let tree = try? await source.tree(at: deployed.commit) else { return nil }
        return try? await reader.secrets.secrets(in: tree)
    }
}
