internal import Logging
internal import Model

/// Remembers how current the branch is, and tells of one that may be frozen. The stack runs on in any case.
struct FreshnessDuty {
    let gate: CommitGate
    let incidents: LoopIncidents
    let logger: Logger

    /// `tip` is what the server shows, and is present locally.
    func tend(_ tip: CommitID, deployed: DeployedState?) async throws {
        guard let watch = gate.freshness else {
            return try await end("it is not asked any more how current the branch is", deployed)
        }
        let warrant = try await gate.warrant(of: tip)
        let freshness = try await watch.look(at: tip, warrant)
        try await watch.remember(freshness)
        guard let doubt = watch.doubt(about: freshness) else {
            return try await end(freshness.proof.map { "\($0.words) is current" } ?? "", deployed)
        }
        // The first commit of a host is refused then, which is told by itself.
        let isFirst = try await gate.isFirst
        if isFirst, deployed == nil { return }
        if try await incidents.isBranchDoubted { return }
        logger.warning("the branch may be frozen", metadata: ["reason": "\(doubt.reason)"])
        try await incidents.branchMayBeFrozen(doubt, deployed: deployed)
    }

    private func end(_ reason: String, _ deployed: DeployedState?) async throws {
        guard try await incidents.isBranchDoubted else { return }
        try await incidents.branchIsCurrent(reason, deployed: deployed)
    }
}
