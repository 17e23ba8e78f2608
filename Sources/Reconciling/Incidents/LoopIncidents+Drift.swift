internal import Deploying
internal import Incidents
internal import Model

/// What runs and is not what was deployed, as far as it does not mend itself.
extension LoopIncidents {
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
        try await reporter.open(
            .drift, cause: cause, recurring: Flapping.period(deployed.desired.plan), details)
    }

    /// Each container has an incident of its own, recorded once however often it is tried.
    func repairFailed(_ containers: Set<String>, _ deployed: DeployedState, _ error: any Error) async throws {
        for name in containers.sorted() {
            var details = details(
                of: error, headline: "drift: \(name) could not be repaired",
                action: "the rest of the stack runs on" + Self.startWords(error))
            details.set(deployed.desired.plan, deployed.commit)
            try await reporter.open(
                .container(name), cause: "repair", recurring: Flapping.period(deployed.desired.plan), details)
        }
    }

    /// The containers whose repair failed.
    var openRepairs: Set<String> {
        get async throws { try await reporter.openSubjects(.drift).subtracting([IncidentSubject.drift.name]) }
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
            try await reporter.close(.container(name), recurring: Flapping.period(plan), details)
        }
    }

    /// Nothing counts as deployed any more, after a teardown or a roll back to containerless.
    func nothingStands() async throws {
        func details(_ name: String) -> IncidentDetails {
            IncidentDetails(
                headline: "incident of '\(name)' ended: nothing is deployed any more",
                reason: "the stack of this incident was removed",
                action: "no container runs, data stays", host: host)
        }
        try await reporter.close(.boot, details(IncidentSubject.boot.name))
        _ = try await reporter.closeAll(.drift, details)
    }

    /// Nothing is left that is told of only.
    func noDriftStands(_ deployed: DeployedState) async throws {
        try await reporter.close(
            .drift, recurring: Flapping.period(deployed.desired.plan),
            recovery(of: deployed.desired.plan, deployed.commit, action: "what runs is what was deployed"))
    }

    /// What came and went too often to be mailed, and then stayed for as long as nothing was to be mailed.
    func notifyOfLasting(_ plan: ResolvedPlan) async throws {
        try await reporter.notifyOfLasting(.drift, for: Flapping.period(plan))
    }
}
