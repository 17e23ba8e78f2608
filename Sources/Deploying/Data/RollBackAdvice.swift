internal import Model

/// The way back after a deployment failed, where there is one.
struct RollBackAdvice {
    let text: String

    /// `nil` when something runs, or nothing can be brought back. `copies` are those that there are.
    init?(_ run: DeploymentRun, after outcome: DeploymentOutcome, copies: [DataSnapshot]) {
        self.init(
            after: outcome, of: run.request.previous?.state, hasCopy: run.data.snapshot != nil,
            isRollBack: run.request.restoring != nil, copies: copies)
    }

    /// `previous` counted as deployed; `hasCopy`: of its data.
    init?(
        after outcome: DeploymentOutcome, of previous: DeployedState?, hasCopy: Bool, isRollBack: Bool,
        copies: [DataSnapshot]
    ) {
        guard outcome.standing.isFailure, outcome.standing.stack != .previous else { return nil }
        guard let previous else {
            // A correction of a version that failed: the copy was made before that one. One that is refused leaves nothing
            // running either.
            guard let version = Self.newest(copies) else { return nil }
            text = Self.newest(version)
            return
        }
        guard hasCopy else { return nil }
        let version = previous.desired.plan.version
        text =
            isRollBack
            ? "'fairlead rollback --to \(previous.deployment)' brings back \(version) with its data"
            : Self.newest(version)
    }

    private static func newest(_ version: String) -> String {
        "'fairlead rollback' brings back \(version) with the data of before"
    }

    /// The version that 'fairlead rollback' brings back, whatever its stack was called.
    private static func newest(_ copies: [DataSnapshot]) -> String? {
        copies.filter { $0.origin == .copied && $0.state != nil }.max { $0.run < $1.run }?.state?.desired.plan.version
    }
}

extension DeploymentError {
    func advising(_ advice: RollBackAdvice) -> Self {
        Self(
            message, hint: hint.isEmpty ? advice.text : "\(hint); \(advice.text)", disposition: disposition)
    }
}
