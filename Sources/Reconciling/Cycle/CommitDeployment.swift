internal import Deploying
internal import Logging
internal import Planning

/// Decides on the commit at the tip, and deploys it where it has to be.
struct CommitDeployment: Sendable {
    let memory: any ReconcilerJournal & HostMemory & FailureMemory
    let branch: BranchFollower
    let reader: CandidateReader
    let move: IncomingMove
    let runner: DeploymentRunner
    let refusal: CommitRefusal

    private var requests: RequestWriter { runner.requests }
    private var failures: FailureLog { refusal.failures }
    private var outages: Outages { requests.outages }
    private var incidents: IncidentDesk { refusal.incidents }
    private var logger: Logger { refusal.logger }

    /// The caller holds the lock. `force`: although nothing differs.
    func run(on id: CommitID, notes: [String], force: Bool) async throws -> CycleReport {
        let commit = try await branch.commit(id)
        let deployed = try await memory.deployedState()
        let candidate: Candidate
        do {
            candidate = try await reader.candidate(
                at: id, deployed: deployed, lastDeployed: try await memory.lastDeployedPlan())
        } catch let error where !(error is CancellationError) {
            return try await refusal.refuse(commit, naming: error, deployed: deployed, notes: notes)
        }
        let notes = notes + candidate.warnings.map(\.description)
        let failure = try await memory.failure(of: .plan(candidate.desired.digest))
        let unfinished = try await memory.unfinishedDeployment()
        switch Decision.about(
            isDeployed: candidate.isDeployed, onlyHotfixes: candidate.replacing?.isEmpty == false, failure: failure,
            unfinished: unfinished != nil, force: force, now: failures.now())
        {
        case .nothing:
            try await settle(commit, deployed)
            if let boot = try await memory.failures().first(where: \.key.isOfDeployed) {
                return CycleReport(outcome: .remembered(commit, boot), notes: notes)
            }
            return CycleReport(outcome: .nothingToDeploy(commit), notes: notes)
        case .remembered(let failure):
            return CycleReport(outcome: .remembered(commit, failure), notes: notes)
        case .deploy(let trigger):
            var notes = notes
            do {
                switch try await move.choose(for: candidate, deployed: deployed) {
                case .wait(let reason): return try await waiting(commit, reason, notes: notes)
                case .go(let found): notes += found
                }
            } catch let error where Disposition.of(error) != .interrupted {
                return try await refusal.refuse(commit, error, notes: notes, deployed: deployed)
            }
            var request = try await requests.request(for: candidate, trigger: trigger, deployed: deployed)
            request.recovering = unfinished
            if let unfinished { request.continueOutage(of: unfinished, outages.timeSince) }
            let result = try await runner.deploy(request, attempts: failure?.attempts ?? 0)
            return CycleReport(outcome: .deployment(commit, result), notes: notes)
        }
    }

    private func waiting(_ commit: Commit, _ reason: String, notes: [String]) async throws -> CycleReport {
        let seen = try await memory.lastSeen()
        if seen?.commit.id != commit.id || seen?.note != reason {
            try await memory.setVerdict(.pending, note: reason, deployment: nil, of: commit.id)
            logger.notice("waiting", metadata: ["for": "\(reason)"])
        }
        return CycleReport(outcome: .waiting(commit, reason), notes: notes)
    }

    /// A commit whose tip was already deployed keeps that verdict; any other changes nothing.
    private func settle(_ commit: Commit, _ deployed: DeployedState?) async throws {
        try await failures.forget { !$0.isOfDeployed }
        if let deployed { try await incidents.nothingToDeploy(deployed) }
        let seen = try await memory.lastSeen()
        guard seen?.commit.id != commit.id || seen?.verdict != .deployed else { return }
        try await memory.setVerdict(
            .nothingToDeploy, note: "the plan is the same", deployment: nil, of: commit.id)
    }
}
