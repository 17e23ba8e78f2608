internal import Incidents
internal import Model

/// A customer repo that stays out of reach, or whose branch may be frozen, while the last plan goes on running.
extension LoopIncidents {
    var isRepositoryStale: Bool {
        get async throws { try await reporter.isOpen(.repository) }
    }

    /// Opened once, however long it lasts.
    func repositoryIsStale(
        since: Timestamp, for limit: PlanDuration, _ error: any Error, deployed: DeployedState?
    ) async throws {
        let running = FailureWords.running(deployed?.desired.plan)
        var details = details(
            of: error, headline: "customer repo out of reach for \(limit): \(running)",
            action: "\(running); commits are not followed until the repo can be fetched and verified")
        if let deployed { details.set(deployed.desired.plan, deployed.commit) }
        try await reporter.open(.repository, cause: "stale", since: since, details)
    }

    func repositoryIsCurrent(_ deployed: DeployedState?) async throws {
        var details = IncidentDetails(
            headline: "recovered: the customer repo can be fetched again", reason: "the customer repo was fetched",
            action: "commits are followed again", host: host)
        if let deployed { details.set(deployed.desired.plan, deployed.commit) }
        try await reporter.close(.repository, details)
    }

    var isBranchDoubted: Bool {
        get async throws { try await reporter.isOpen(.branch) }
    }

    /// Opened once, however long it lasts.
    func branchMayBeFrozen(_ doubt: FreshnessDoubt, deployed: DeployedState?) async throws {
        let running = FailureWords.running(deployed?.desired.plan)
        var details = IncidentDetails(
            headline: "the branch may be frozen: \(running)", reason: doubt.reason,
            action: "\(running); commits that are signed and newer are followed", advice: doubt.advice, host: host)
        if let deployed { details.set(deployed.desired.plan, deployed.commit) }
        try await reporter.open(.branch, cause: "frozen", since: doubt.since, details)
    }

    func branchIsCurrent(_ reason: String, deployed: DeployedState?) async throws {
        var details = IncidentDetails(
            headline: "recovered: the branch is current", reason: reason, action: "commits are followed", host: host)
        if let deployed { details.set(deployed.desired.plan, deployed.commit) }
        try await reporter.close(.branch, details)
    }

    /// Whether people were told of a list of signers, and not yet what became of it.
    var areSignersTold: Bool {
        get async throws { try await reporter.isOpen(.signers) }
    }

    /// Told before it takes effect: whoever reads it and did not expect it can still act.
    func signersChange(_ rotation: SignerRotation, deployed: DeployedState?) async throws {
        var details = IncidentDetails(
            headline: "the signers of commits change: list \(rotation.number)", reason: rotation.words,
            action: "only commits of these are accepted from now on; \(FailureWords.running(deployed?.desired.plan))",
            advice: "if you did not expect this, put keys that must not sign into the file of 'trust.commits.revoked'",
            host: host)
        if let deployed { details.set(deployed.desired.plan, deployed.commit) }
        try await reporter.open(.signers, cause: "list \(rotation.number)", details)
    }

    /// It is no failure that anything has to be done about. `number`: the list that counts now.
    func signersChanged(to number: Int) async throws {
        let details = IncidentDetails(
            reason: "list \(number) of signers counts", action: "commits of its signers are accepted", host: host)
        try await reporter.close(.signers, silent: true, details)
    }
}
