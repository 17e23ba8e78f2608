internal import Logging
internal import Model

/// Reports what differs, once, and forgets it with its stack.
struct DriftLog: Sendable {
    let memory: any ReconcilerJournal
    let outages: Outages
    let failures: FailureLog
    let incidents: LoopIncidents
    let logger: Logger

    /// Names each finding once, in the journal and in the log.
    func report(_ findings: [DriftFinding]) async throws {
        for finding in try await outages.record(findings) {
            logger.warning(
                "what runs is not what was deployed",
                metadata: ["subject": "\(finding.subject)", "finding": "\(finding.text)"])
        }
    }

    /// Ends what was reported and remembered of a stack, where nothing counts as deployed any more.
    func forgetStack() async throws {
        guard try await memory.deployedState() == nil else { return }
        outages.forget()
        try await failures.forget(where: \.isOfDeployed)
        try await report([])
        try await incidents.nothingStands()
    }
}
