internal import Deploying
internal import Logging
internal import Model
internal import Planning

/// Watches the branch while a deployment runs.
struct NewerCommitWatch: Sendable {
    let source: any CommitSource
    let gate: CommitGate
    let reader: CandidateReader
    let memory: any ReconcilerJournal
    let failures: FailureLog
    /// Between two looks at the repo.
    let interval: Duration
    let logger: Logger

    /// Asks for pre-emption when the branch moves to a commit with another plan; returns then, or when cancelled.
    func watch(for request: DeploymentRequest, _ preemption: Preemption) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: interval)
                let tip = try await source.remoteTip()
                guard tip.commit != request.commit else { continue }
                try await source.fetch(tip)
                try await gate.check(tip.commit, deployed: try await memory.deployedState()?.commit)
                let newer = try await reader.candidate(at: tip.commit, deployed: nil)
                guard newer.desired != request.desired else { continue }
                // Nothing would follow what it overtakes.
                guard try await !failures.isHeldBack(.plan(newer.desired.digest)) else { continue }
                logger.notice("a newer commit overtakes the deployment", metadata: ["commit": "\(tip.commit.short)"])
                return preemption.request()
            } catch {
                // An unreachable repo or a broken newer plan is no reason to stop a deployment that goes well.
                logger.debug("no newer plan", metadata: ["reason": "\(error)"])
            }
        }
    }
}
