internal import Deploying
internal import Model

/// The words for what a deployment does, shared by the live and the plain display.
struct ProgressWording {
    var style: TextStyle

    func title(of step: DeploymentStep) -> String {
        switch step {
        case .validate: "validate, fetch images"
        case .tearDown: "tear down"
        case .create: "create and start"
        case .maintenance: "maintenance jobs"
        case .finalise: "health gate"
        case .rollBack: "roll back"
        }
    }

    func began(
        _ deployment: Int64, _ commit: CommitID?, _ trigger: DeploymentTrigger, _ changes: [PlanChange]
    ) -> [String] {
        let subject = commit.map { " of \($0.short)" } ?? ""
        return [style.strong("deployment #\(deployment)\(subject)") + reason(trigger)]
            + changes.map { "  " + $0.line(beside: commit) }
    }

    func stepEnded(_ step: DeploymentStep, _ duration: Duration, error: String?) -> [String] {
        let time = style.faint(SpokenDuration.text(milliseconds: duration.wholeMilliseconds))
        guard let error else { return ["\(style.good("✓")) \(title(of: step))  \(time)"] }
        let failure = FailureText(error, hint: nil)
        let line = "\(style.bad("✗")) \(title(of: step))  \(time)  \(style.bad(failure.reason.printable))"
        return WrappedText(columns: style.columns).lines(line, indent: 4) + failure.rest(style, margin: "    ")
    }

    func ended(_ deployment: Int64, _ outcome: DeploymentOutcome, downtime: Int64?, atMost: Int64?) -> String {
        let downtime = SpokenDuration.downtime(milliseconds: downtime, atMost: atMost).map { ", \($0)" } ?? ""
        return "deployment #\(deployment): \(outcome.painted(style))\(downtime)"
    }

    private func reason(_ trigger: DeploymentTrigger) -> String {
        switch trigger {
        case .commit: ""
        case .retry: ", another attempt"
        case .recovery: ", finishing what was cut off"
        case .boot, .restart: ", establishing the saved plan again"
        case .maintenance: ", starting the saved plan after maintenance"
        case .manual: ", asked for by the operator"
        case .hotfix: ", hotfix"
        case .drift: ", repairing what differs from the deployed plan"
        case .teardown: ", teardown"
        case .rollBack: ", rolling back to plan and data of before"
        }
    }
}

extension DeploymentOutcome {
    /// Green when the stack is as it was asked for, red when it is not.
    func painted(_ style: TextStyle) -> String {
        switch standing.course {
        case .fulfilled: style.good(rawValue)
        case .interrupted: style.warning(rawValue)
        case .failed: style.bad(rawValue)
        }
    }
}
