internal import Deploying
internal import Logging
internal import Model
internal import Planning

/// Starts the whole saved plan, where the stack does not stand as it was left.
struct SavedPlanStart: Sendable {
    let runner: DeploymentRunner
    let observer: StackObserver
    let logger: Logger

    private var incidents: LoopIncidents { observer.incidents }
    private var failures: FailureLog { observer.failures }

    /// Not while a start that failed waits for its next try. What fails is told, and tried again.
    func establish(_ look: StackObservation) async throws {
        let deployed = look.deployed
        let key = FailureKey.boot(deployed.desired.digest)
        if try await failures.isHeldBack(key) { return }
        logger.notice("the stack does not stand as it was left, the saved plan is established again")
        do {
            let result = try await runner.startSaved(
                deployed, after: look.booted ? .boot : .restart, hasStrays: !look.observed.strayed.isEmpty)
            if let error = result.error { throw error }
            try await incidents.bootSucceeded(deployed)
        } catch let error where !(error is CancellationError) {
            logger.error("the saved plan could not be established", metadata: ["error": "\(error)"])
            try await incidents.bootFailed(deployed, error)
            try await failures.remember(error, key: key, commit: deployed.commit)
        }
    }
}
