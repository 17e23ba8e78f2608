internal import Planning

/// The way back after a deployment failed, where there is one.
struct RollBackAdvice {
    let text: String

    /// `nil` when something runs, or nothing can be brought back.
    init?(_ run: DeploymentRun, after outcome: DeploymentOutcome) {
        guard outcome == .containerless, let previous = run.request.previous?.state, run.data.snapshot != nil else {
            return nil
        }
        let version = previous.desired.plan.version
        text =
            run.request.restoring == nil
            ? "'fairlead rollback' brings back \(version) with the data of before"
            : "'fairlead rollback --to \(previous.deployment)' brings back \(version) with its data"
    }
}

extension DeploymentError {
    func advising(_ advice: RollBackAdvice) -> Self {
        Self(
            message, hint: hint.isEmpty ? advice.text : "\(hint); \(advice.text)", disposition: disposition)
    }
}
