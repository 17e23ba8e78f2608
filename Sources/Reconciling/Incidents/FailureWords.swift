internal import Deploying
internal import Model

/// How a failed deployment is told.
struct FailureWords {
    let headline: String
    let action: String

    /// `nil` for a deployment that did not fail.
    init?(_ outcome: DeploymentOutcome, _ request: DeploymentRequest) {
        let deployment = "deployment of \(request.desired.plan.version)"
        let previous = request.previous?.state.desired.plan
        switch outcome {
        case .deployed, .interrupted, .tornDown: return nil
        case .refused:
            headline = "\(deployment) refused: \(Self.running(previous))"
            action = "refused before anything was touched; \(Self.running(previous))"
        case .containerless:
            headline = "\(deployment) failed: \(outcome.rawValue)"
            action = "\(outcome.rawValue): no container runs, the data is as it was left"
        case .previous:
            headline = "\(deployment) failed: rolled back to \(previous?.version ?? "the previous plan")"
            action = "\(outcome.rawValue): \(previous.map { "\($0.stack) \($0.version)" } ?? "it") runs again"
        case .broken:
            headline = "\(deployment) failed, and so did its roll back"
            action = "the roll back failed as well: look at 'fairlead status' and 'podman ps -a'"
        }
    }

    /// Not that it runs: it may be down for another reason.
    static func running(_ plan: ResolvedPlan?) -> String {
        plan.map { "\($0.stack) \($0.version) stays deployed" } ?? "nothing is deployed"
    }
}
