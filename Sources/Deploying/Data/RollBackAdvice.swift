internal import Planning

/// The way back after a deployment failed, where there is one.
struct RollBackAdvice {
    let text: String

    /// `nil` when something runs, or nothing can be brought back. `copies` are those that there are.
    init?(_ run: DeploymentRun, after outcome: DeploymentOutcome, copies: [DataSnapshot]) {
        guard outcome == .containerless else { return nil }
        guard let previous = run.request.previous?.state else {
            // A correction of a version that failed: the copy was made before that one.
            guard let version = Self.newest(copies, of: run.plan.stack) else { return nil }
            text = Self.newest(version)
            return
        }
        guard run.data.snapshot != nil else { return nil }
        let version = previous.desired.plan.version
        text =
            run.request.restoring == nil
            ? Self.newest(version)
            : "'fairlead rollback --to \(previous.deployment)' brings back \(version) with its data"
    }

    private static func newest(_ version: String) -> String {
        "'fairlead rollback' brings back \(version) with the data of before"
    }

    /// What 'fairlead rollback' takes.
    private static func newest(_ copies: [DataSnapshot], of stack: String) -> String? {
        copies.filter { $0.origin == .copied && $0.stack == stack }.max { $0.run < $1.run }?.state?.desired.plan.version
    }
}

extension DeploymentError {
    func advising(_ advice: RollBackAdvice) -> Self {
        Self(
            message, hint: hint.isEmpty ? advice.text : "\(hint); \(advice.text)", disposition: disposition)
    }
}
