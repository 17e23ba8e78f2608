internal import Logging
internal import Model

/// Names the commits behind changes and faults where the history can be read: that it cannot be read keeps no commit from being
/// deployed, or refused.
struct CommitNaming: Sendable {
    let attribution: Attribution
    let logger: Logger

    /// `candidate`, each of its changes with the commit that made it.
    func named(_ candidate: Candidate, since deployed: DeployedState?) async throws -> Candidate {
        try await tolerantly(candidate) { try await attribution.attributed($0, since: deployed) }
    }

    /// `error`, which `commit` is refused with, with the commits that brought what is wrong.
    func named(_ error: any Error, at commit: Commit, since deployed: DeployedState?) async throws -> any Error {
        let fault = FaultAttribution(attribution: attribution, deployed: deployed)
        return try await tolerantly(error) { try await fault.attributed($0, at: commit) }
    }

    private func tolerantly<Value: Sendable>(
        _ value: Value, _ attribute: (Value) async throws -> Value
    ) async throws -> Value {
        do {
            return try await attribute(value)
        } catch let error where !(error is CancellationError) {
            logger.warning("which commit changed what cannot be told", metadata: ["error": "\(error)"])
            return value
        }
    }
}
