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
            var request = try await requests.request(for: candidate, trigger: trigger, deployed: deployed)
            request.recovering = unfinished
            if let unfinished { request.continueOutage(of: unfinished, outages.timeSince) }
            let result = try await runner.deploy(request, attempts: failure?.attempts ?? 0)
            return CycleReport(outcome: .deployment(commit, result), notes: notes)
        }
    }

    /// As `refuse` does, with the commits that brought what is wrong.
    private func refuse(
        _ commit: Commit, naming error: any Error, deployed: DeployedState?, notes: [String]
    ) async throws -> CycleReport {
        let fault = FaultAttribution(attribution: attribution, deployed: deployed)
        let named = try await requests.attributing(error) { try await fault.attributed($0, at: commit) }
        return try await refuse(commit, named, notes: notes, deployed: deployed)
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
}
