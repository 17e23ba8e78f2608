internal import Deploying
internal import Logging
internal import Model
internal import Planning

/// Decides on the commit at the tip, and deploys it where it has to be.
struct CommitDeployment: Sendable {
    let memory: any ReconcilerJournal & HostMemory & FailureMemory
    let judge: TipJudge
    let reader: CandidateReader
    let move: IncomingMove
    let runner: DeploymentRunner
    let refusal: CommitRefusal

    private var requests: RequestWriter { runner.requests }
    private var failures: FailureLog { refusal.failures }
    private var outages: Outages { requests.outages }
    private var incidents: LoopIncidents { refusal.incidents }
    private var logger: Logger { refusal.naming.logger }

    /// The caller holds the lock, and read `state` under it. `force`: although nothing differs.
    func run(on id: CommitID, _ state: HostState, notes: [String], force: Bool) async throws -> CycleReport {
        let commit = try await judge.commit(id)
        let candidate: Candidate
        do {
            candidate = try await reader.candidate(
                at: id, deployed: state.deployed, lastDeployed: try await memory.lastDeployedPlan())
        } catch let error where !(error is CancellationError) {
            return try await refusal.refuse(commit, naming: error, deployed: state.deployed, notes: notes)
        }
        let notes = notes + candidate.warnings.map(\.description)
        let failure = state.failure(of: .plan(candidate.desired.digest))
        let isLifted = try await isLifted(candidate)
        switch Decision.about(
            isDeployed: candidate.isDeployed, onlyHotfixes: candidate.replacing?.isEmpty == false, failure: failure,
            isLifted: isLifted, unfinished: state.unfinished != nil, force: force, now: failures.now())
        {
        case .nothing:
            try await settle(commit, state)
            if let boot = state.failures.first(where: \.key.isOfDeployed) {
                return CycleReport(outcome: .remembered(commit, boot), notes: notes)
            }
            return CycleReport(outcome: .nothingToDeploy(commit), notes: notes)
        case .remembered(let failure):
            return CycleReport(outcome: .remembered(commit, failure), notes: notes)
        case .deploy(let trigger):
            var notes = notes
            do {
                switch try await move.choose(for: candidate, deployed: state.deployed) {
                case .wait(let reason): return try await waiting(commit, state, reason, notes: notes)
                case .go(let found): notes += found
                }
            } catch let error where !error.isInterruption {
                return try await refusal.refuse(commit, error, notes: notes, deployed: state.deployed)
            }
            var request = try await requests.request(for: candidate, trigger: trigger, deployed: state.deployed)
            request.recovering = state.unfinished
            if isLifted { request.remarks = [Self.lifting] }
            if let unfinished = state.unfinished { request.continueOutage(of: unfinished, outages.timeSince) }
            let result = try await runner.deploy(request, attempts: failure?.attempts ?? 0)
            return CycleReport(outcome: .deployment(commit, result), notes: notes)
        }
    }

    /// Told in the record: by its trigger alone it might have been tried again by itself.
    private static let lifting = PlanChange(
        subject: "stack", kind: .changed, text: "tried again by an operator with 'fairlead retry'")

    /// Of the plan, or of the commit while its plan could not be read.
    private func isLifted(_ candidate: Candidate) async throws -> Bool {
        if try await memory.isLifted(.plan(candidate.desired.digest)) { return true }
        return try await memory.isLifted(.commit(candidate.commit.id))
    }

    private func waiting(
        _ commit: Commit, _ state: HostState, _ reason: String, notes: [String]
    ) async throws -> CycleReport {
        if state.lastSeen?.commit.id != commit.id || state.lastSeen?.note != reason {
            try await memory.setVerdict(.pending, note: reason, deployment: nil, of: commit.id)
            logger.notice("waiting", metadata: ["for": "\(reason)"])
        }
        return CycleReport(outcome: .waiting(commit, reason), notes: notes)
    }

    /// A commit whose tip was already deployed keeps that verdict; any other changes nothing.
    private func settle(_ commit: Commit, _ state: HostState) async throws {
        try await failures.forget { !$0.isOfDeployed }
        if let deployed = state.deployed { try await incidents.nothingToDeploy(deployed) }
        guard state.lastSeen?.commit.id != commit.id || state.lastSeen?.verdict != .deployed else { return }
        try await memory.setVerdict(
            .nothingToDeploy, note: "the plan is the same", deployment: nil, of: commit.id)
    }
}
