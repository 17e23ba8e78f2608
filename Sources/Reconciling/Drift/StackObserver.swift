internal import Deploying
internal import Logging
internal import Model

/// Observes what runs beside what counts as deployed.
struct StackObserver: Sendable {
    typealias Memory = ReconcilerJournal & HostMemory & DriftMemory

    let memory: any Memory
    let sight: StackSight
    let drift: DriftLog
    /// Of this boot of the host.
    let bootID: String

    var outages: Outages { drift.outages }
    var failures: FailureLog { drift.failures }
    var incidents: LoopIncidents { drift.incidents }

    /// `nil` when nothing is deployed, or a deployment runs or was cut off.
    func observe() async throws -> StackObservation? {
        guard try await memory.unfinishedDeployment() == nil else { return nil }
        guard let deployed = try await memory.deployedState() else {
            try await drift.forgetStack()
            return nil
        }
        let began = outages.now()
        let observed = try await sight.observed(
            of: deployed.desired.plan, origins: try await memory.originOfContainers())
        let look = StackObservation(deployed, observed, booted: try await memory.lastBootID() != bootID)
        try await outages.note(look, since: began)
        return look
    }

    /// A deployment may have repaired what was reported: that is reported now, and not with the next poll. An engine that does not answer
    /// by then makes no failure of what has succeeded.
    func reportWhole() async throws {
        do {
            guard let look = try await observe(), look.findings.isEmpty else { return }
            try await incidents.noDriftStands(look.deployed)
        } catch let error where !(error is CancellationError) {
            drift.logger.warning(
                "what runs now cannot be seen; it is looked at again", metadata: ["reason": "\(error)"])
        }
    }
}
