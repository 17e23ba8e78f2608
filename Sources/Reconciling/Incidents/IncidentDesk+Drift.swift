internal import Deploying
internal import Planning

/// What runs and is not what was deployed, as far as it does not mend itself.
extension IncidentDesk {
    /// Of what is told of only, all of it together; a repair's is the container.
    private static let stack = "stack"

    /// Told of only; recorded once while the same things differ.
    func driftStands(_ findings: [DriftFinding], _ deployed: DeployedState) async throws {
        let cause = findings.map { "\($0.subject) \($0.kind.rawValue)" }.sorted().joined(separator: ", ")
        let words = findings.map { "\($0.subject): \($0.text)" }
        var details = IncidentDetails(
            headline: "drift: what runs is not what was deployed", reason: words.first ?? "",
            action: "nothing is repaired by itself", advice: "see 'fairlead status'; mend it, or deploy anew",
            host: host,
            log: words.count > 1 ? words.joined(separator: "\n") : nil)
        details.set(deployed.desired.plan, deployed.commit)
        try await openDrift(Self.stack, cause, details, deployed.desired.plan)
    }

    /// Each container has an incident of its own, recorded once however often it is tried.
    func repairFailed(_ containers: Set<String>, _ deployed: DeployedState, _ error: any Error) async throws {
        for name in containers.sorted() {
            var details = details(
                of: error, headline: "drift: \(name) could not be repaired",
                action: "the rest of the stack runs on" + Self.startWords(error))
            details.set(deployed.desired.plan, deployed.commit)
            try await openDrift(name, "repair", details, deployed.desired.plan)
        }
    }

    /// The containers whose repair failed.
    var openRepairs: Set<String> {
        get async throws { try await memory.subjectsOfOpenIncidents(.drift).subtracting([Self.stack]) }
    }

    /// They run as they were deployed; asked with every poll, so it reads before it writes.
    func repaired(_ containers: Set<String>, of plan: ResolvedPlan, _ commit: CommitID) async throws {
        for name in try await openRepairs.intersection(containers).sorted() {
            var details = recovery(of: plan, commit, action: "it runs as it was deployed")
            details.headline = "recovered: \(name) runs"
            if plan.containers[name] == nil {
                details.headline = "incident of '\(name)' ended: it is not in the plan"
                details.action = "the plan does not have it, and it is gone"
            }
            try await closeDrift(name, details, plan)
        }
    }

    /// Nothing counts as deployed any more, after a teardown or a roll back to containerless.
    func nothingStands() async throws {
        let boot = try await isBootOpen ? [(IncidentRecord.Kind.deployment, Self.boot)] : []
        let drift = try await memory.subjectsOfOpenIncidents(.drift).sorted().map { (IncidentRecord.Kind.drift, $0) }
        for (kind, subject) in boot + drift {
            let details = IncidentDetails(
                headline: "incident of '\(subject)' ended: nothing is deployed any more",
                reason: "the stack of this incident was removed",
                action: "no container runs, data stays", host: host)
            _ = try await memory.closeIncident(kind, subject: subject, details, mails: true)
        }
        if !(boot + drift).isEmpty { await queueMails() }
    }

    /// Nothing is left that is told of only.
    func noDriftStands(_ deployed: DeployedState) async throws {
        guard try await memory.causeOfOpenIncident(.drift, subject: Self.stack) != nil else { return }
        try await closeDrift(
            Self.stack,
            recovery(of: deployed.desired.plan, deployed.commit, action: "what runs is what was deployed"),
            deployed.desired.plan)
    }

    /// What came and went too often to be mailed, and then stayed for as long as nothing was to be mailed.
    func mailLasting(_ plan: ResolvedPlan) async throws {
        guard try await memory.mailOpenIncidents(.drift, olderThan: Flapping.period(plan)) else { return }
        await queueMails()
    }

    private func openDrift(
        _ subject: String, _ cause: String, _ details: IncidentDetails, _ plan: ResolvedPlan
    ) async throws {
        guard try await memory.causeOfOpenIncident(.drift, subject: subject) != cause else { return }
        let flapping = try await flapping(subject, cause, plan)
        var details = details
        if flapping.isLastOpening { details.action += flapping.notice }
        _ = try await memory.openIncident(
            .drift, subject: subject, cause: cause, since: nil, details, mails: flapping.mailsOpening)
        await queueMails()
    }

    private func closeDrift(_ subject: String, _ details: IncidentDetails, _ plan: ResolvedPlan) async throws {
        guard let cause = try await memory.causeOfOpenIncident(.drift, subject: subject) else { return }
        let flapping = try await flapping(subject, cause, plan)
        if try await memory.closeIncident(.drift, subject: subject, details, mails: flapping.mailsClosing) {
            await queueMails()
        }
    }

    private func flapping(_ subject: String, _ cause: String, _ plan: ResolvedPlan) async throws -> Flapping {
        let period = Flapping.period(plan)
        let count = try await memory.mailedOpenings(.drift, subject: subject, cause: cause, within: period)
        return Flapping(mailedOpenings: count, period: period)
    }
}
