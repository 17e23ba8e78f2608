internal import Deploying
internal import Incidents
internal import Model
internal import Planning

/// Deployments that fail, and the one that ends it.
extension LoopIncidents {
    /// Of a deployment that fails; 'fairlead show' tells all.
    private static let mostChanges = 20

    /// Records a failure of `request`, once for a plan and what it left behind. A host that never had mail settings
    /// gets those of the failed plan: its operator should hear of the very first failure.
    func deploymentFailed(_ request: DeploymentRequest, _ result: DeploymentResult) async throws {
        guard let error = result.error, let words = FailureWords(result.outcome, request) else { return }
        await reporter.adoptSettings(of: request.desired.plan, secrets: request.secrets)
        var details = details(of: error, headline: words.headline, action: words.action + Self.retryWords(error))
        details.set(request.desired.plan, request.commit)
        details.deployment = result.deployment
        details.changes = Array(request.changes.prefix(Self.mostChanges))
        let cause = DeploymentCause(outcome: result.outcome, key: .plan(request.desired.digest))
        try await reporter.open(.stack, cause, details)
    }

    /// A roll back that was cut off cannot be finished now, or for good: `outcome` tells which.
    func rollBackIsStuck(_ unfinished: DeploymentRecord, _ error: any Error, outcome: DeploymentOutcome) async throws {
        var details = details(
            of: error,
            headline: "the stack is down: a roll back to \(unfinished.version) was cut off and is not finished",
            action: "nothing was changed since" + Self.retryWords(error))
        details.commit = unfinished.commit
        details.version = unfinished.version
        details.deployment = unfinished.id
        try await reporter.open(
            .stack, DeploymentCause(outcome: outcome, key: .plan(unfinished.planDigest)), details)
    }

    /// A commit whose plan cannot be read, or breaks the VSN's policy.
    func planRefused(_ commit: Commit, _ error: any Error, deployed: DeployedState?) async throws {
        let running = FailureWords.running(deployed?.desired.plan)
        var details = details(
            of: error, headline: "commit \(commit.id.short) refused: \(running)",
            action: "refused; \(running)" + Self.retryWords(error))
        details.stack = deployed?.desired.plan.stack
        details.commit = commit.id
        try await reporter.open(.stack, DeploymentCause(outcome: .refused, key: .commit(commit.id)), details)
    }

    /// The saved plan could not be started after a boot.
    func bootFailed(_ deployed: DeployedState, _ error: any Error) async throws {
        let plan = deployed.desired.plan
        var details = details(
            of: error, headline: "\(plan.version) could not be started again",
            action: "what runs of it was left running" + Self.startWords(error))
        details.set(plan, deployed.commit)
        let cause = DeploymentCause(outcome: .broken, key: .boot(deployed.desired.digest))
        try await reporter.open(.boot, cause, details)
    }

    /// The plan at the tip was deployed.
    func deploymentSucceeded(_ request: DeploymentRequest, _ result: DeploymentResult) async throws {
        try await restoredOlderData(request, result)
        try await restoredInPart(request, result)
        var details = recovery(of: request.desired.plan, request.commit, action: "deployed; every container is healthy")
        details.headline = "recovered: \(request.desired.plan.version) is deployed"
        details.deployment = result.deployment
        try await reporter.close(.stack, details)
        try await reporter.close(.boot, details)
        // With a container that the plan does not have any more.
        let replaced = if let part = request.replacing { part } else { try await openRepairs }
        try await repaired(replaced, of: request.desired.plan, request.commit)
    }

    /// Somebody changed a backup, or it was never good. A new backup closes it.
    private func restoredOlderData(_ request: DeploymentRequest, _ result: DeploymentResult) async throws {
        guard !result.passedOver.isEmpty else { return }
        var details = IncidentDetails(
            headline: "older data than the newest backup was restored",
            reason: result.passedOver.prefix(3).joined(separator: "; "),
            action: "the newest run that is valid was restored",
            advice: "'fairlead show' tells from when the data is; look who can write to the storage", host: host)
        details.set(request.desired.plan, request.commit)
        details.deployment = result.deployment
        try await reporter.open(.backup(.copy), cause: "restore \(result.deployment)", details)
    }

    /// What a container made so that nothing can bring it back is gone with the data of before. A backup without such
    /// entries closes it, as it does where they were left out of a backup.
    private func restoredInPart(_ request: DeploymentRequest, _ result: DeploymentResult) async throws {
        guard !result.restoredInPart.isEmpty else { return }
        var details = IncidentDetails(
            headline: "a part of the data could not be restored",
            reason: result.restoredInPart.prefix(3).joined(separator: "; "),
            action: "everything else of it was restored, and the stack was started on that",
            advice:
                "see what made such entries, and whether they are missed: the run still holds them; the next backup "
                + "without any closes this", host: host)
        details.set(request.desired.plan, request.commit)
        details.deployment = result.deployment
        try await reporter.open(.backup(.paths), cause: "restore \(result.deployment)", details)
    }

    /// The tip asks for nothing but what runs, as after a revert of a plan that was refused.
    func nothingToDeploy(_ deployed: DeployedState) async throws {
        try await reporter.close(
            .stack,
            recovery(of: deployed.desired.plan, deployed.commit, action: "the plan at the tip is what is deployed"))
    }

    /// Whether the last start of the saved plan failed, as far as people heard of it.
    var isBootOpen: Bool {
        get async throws { try await reporter.isOpen(.boot) }
    }

    /// The saved plan runs again.
    func bootSucceeded(_ deployed: DeployedState) async throws {
        try await reporter.close(
            .boot, recovery(of: deployed.desired.plan, deployed.commit, action: "every container runs again"))
    }

    private static func retryWords(_ error: any Error) -> String {
        error.mayPass ? "; it is tried again by itself" : ""
    }

    /// Of a saved plan, which no next commit replaces.
    static func startWords(_ error: any Error) -> String {
        let words = retryWords(error)
        return words.isEmpty ? "; it is not tried again by itself, but by 'fairlead retry'" : words
    }
}

extension LoopIncidents {
    /// The first line of `error` is the reason, the others go to the log, and so does a log that it quotes.
    func details(of error: any Error, headline: String, action: String) -> IncidentDetails {
        let actionable = error as? any Actionable
        let isList = error is PlanProblems
        let text = isList ? "\(error)" : actionable?.message ?? "\(error)"
        let (reason, tail) = LogTail.split(text)
        let lines = reason.split(separator: "\n", maxSplits: 1)
        let log = (lines.count > 1 ? [String(lines[1])] : []) + tail.lines
        let advice = isList ? "correct the plan and commit it" : actionable?.hint ?? ""
        return IncidentDetails(
            headline: headline, reason: lines.first.map(String.init) ?? "", action: action,
            advice: advice.isEmpty ? nil : advice, host: host,
            log: log.isEmpty ? nil : log.joined(separator: "\n"))
    }

    func recovery(of plan: ResolvedPlan, _ commit: CommitID, action: String) -> IncidentDetails {
        var details = IncidentDetails(
            headline: "recovered: \(plan.version) runs", reason: "\(plan.stack) \(plan.version) runs", action: action,
            host: host)
        details.set(plan, commit)
        return details
    }
}

extension IncidentDetails {
    mutating func set(_ plan: ResolvedPlan, _ commit: CommitID) {
        stack = plan.stack
        version = plan.version
        self.commit = commit
    }
}
