internal import Deploying
internal import Planning

/// What runs and is not what was deployed, as far as it does not mend itself.
extension IncidentDesk {
    private static let subject = "stack"

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
        try await openDrift(cause, details)
    }

    /// Recorded once for the same containers, however often it is tried.
    func repairFailed(_ containers: Set<String>, _ deployed: DeployedState, _ error: any Error) async throws {
        let names = containers.sorted().joined(separator: ", ")
        var details = details(
            of: error, headline: "drift: \(names) could not be repaired",
            action: "the rest of the stack runs on; it is tried again by itself")
        details.set(deployed.desired.plan, deployed.commit)
        try await openDrift("repair of \(names)", details)
    }

    /// What is deployed runs; asked with every poll, so it reads before it writes.
    func stackStands(_ deployed: DeployedState) async throws {
        if try await memory.causeOfOpenIncident(.deployment, subject: Self.boot) != nil {
            try await bootSucceeded(deployed)
        }
        guard try await memory.causeOfOpenIncident(.drift, subject: Self.subject) != nil else { return }
        let details = recovery(
            of: deployed.desired.plan, deployed.commit, action: "what runs is what was deployed")
        if try await memory.closeIncident(.drift, subject: Self.subject, details) { await queueMails() }
    }

    private func openDrift(_ cause: String, _ details: IncidentDetails) async throws {
        guard try await memory.causeOfOpenIncident(.drift, subject: Self.subject) != cause else { return }
        _ = try await memory.openIncident(
            .drift, subject: Self.subject, cause: cause, since: nil, details, mails: true)
        await queueMails()
    }
}
