internal import Model
internal import Planning

/// Whether a deployment that failed starts what ran before it.
enum PreviousStart: Equatable {
    case starts
    case stays
    /// The policy of now, in words, which may have become narrower since that plan was accepted.
    case refused(String)

    /// `hasUntouchedData`: nothing newer has been started on it. What ran until then goes on, as it was accepted.
    static func about(_ request: DeploymentRequest, hasUntouchedData: Bool, under policy: VSNPolicy) -> Self {
        if hasUntouchedData { return .starts }
        // Not by itself on data that something newer may have changed, unless the plan wants that.
        guard request.desired.plan.onFailure == .previous, !request.trigger.purpose.rollsBack else { return .stays }
        guard let previous = request.previous?.state.desired.plan, let objection = policy.objection(to: previous)
        else { return .starts }
        return .refused("the previous plan is not started: \(objection.message)")
    }

    /// `error`, with why nothing runs; the log that it quotes stays at its end.
    func explaining(_ error: String) -> String {
        guard case .refused(let why) = self else { return error }
        let (reason, log) = LogTail.split(error)
        return "\(reason); \(why)" + (log.lines.isEmpty ? "" : log.clause)
    }
}
