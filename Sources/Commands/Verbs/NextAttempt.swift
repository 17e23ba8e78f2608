internal import Model

/// When what is committed is deployed, as far as failures that are remembered let it be.
struct NextAttempt {
    /// `nil` when nothing stands in the way.
    private let failure: FailedPlan?

    /// `key` of the plan that is committed, where it is known.
    init(of commit: CommitID?, key: FailureKey? = nil, _ failures: [FailedPlan]) {
        failure = failures.first { $0.commit == commit || $0.key == key }
    }

    /// `deploys` follows "the next poll".
    func words(_ deploys: String, _ style: TextStyle) -> String {
        guard let failure else { return "the next poll \(deploys); 'fairlead reconcile' does it now" }
        guard let next = failure.nextTry(at: style.clock.now()) else {
            let reason = failure.takenBack == true ? "an operator rolled this plan back" : "this plan failed before"
            return "\(reason), and it is not tried again by itself: run 'fairlead retry', then the next poll \(deploys)"
        }
        let when = style.isDue(next) ? "with the next poll" : "at \(style.exactTime(next))"
        return
            "this plan failed before and is tried again \(when); after 'fairlead retry' the next "
            + "poll \(deploys)"
    }
}
