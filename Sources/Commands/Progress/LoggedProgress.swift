public import Deploying
public import Logging
internal import Model

/// Progress of the daemon: log lines, data in metadata.
public struct LoggedProgress: DeploymentObserver {
    private let logger: Logger

    public init(logger: Logger) { self.logger = logger }

    public func deployment(_ event: DeploymentEvent) {
        switch event {
        case .began(let deployment, let commit, let trigger, let changes):
            began(deployment, commit, trigger, changes)
        case .stepStarted(let step): logger.info("step started", metadata: ["step": "\(step.rawValue)"])
        case .stepEnded(let step, let duration, let error): stepEnded(step, duration, error)
        case .container(let container, let phase):
            logger.info("container", metadata: ["container": "\(container)", "phase": "\(phase.rawValue)"])
        case .progress(let container, let text):
            logger.debug("progress", metadata: ["container": "\(container)", "text": "\(text)"])
        case .note(let text): logger.notice("note", metadata: ["text": "\(text)"])
        case .ended(let deployment, let outcome, let downtime, let atMost):
            ended(deployment, outcome, downtime, atMost)
        }
    }

    private func began(
        _ deployment: Int64, _ commit: CommitID?, _ trigger: DeploymentTrigger, _ changes: [PlanChange]
    ) {
        logger.notice(
            "deployment started",
            metadata: [
                "deployment": "\(deployment)", "commit": "\(commit?.short ?? "none")", "trigger": "\(trigger.rawValue)",
                "changes": "\(changes.count)",
            ])
        for change in changes {
            var metadata: Logger.Metadata = [
                "deployment": "\(deployment)", "subject": "\(change.subject)", "change": "\(change.text)",
            ]
            metadata["changedBy"] = change.commit.map { "\($0)" }
            logger.info("change", metadata: metadata)
        }
    }

    private func stepEnded(_ step: DeploymentStep, _ duration: Duration, _ error: String?) {
        var metadata: Logger.Metadata = [
            "step": "\(step.rawValue)", "milliseconds": "\(duration.wholeMilliseconds)",
        ]
        metadata["error"] = error.map { "\($0)" }
        if error == nil {
            logger.info("step ended", metadata: metadata)
        } else {
            logger.error("step failed", metadata: metadata)
        }
    }

    private func ended(_ deployment: Int64, _ outcome: DeploymentOutcome, _ downtime: Int64?, _ atMost: Int64?) {
        var metadata: Logger.Metadata = ["deployment": "\(deployment)", "outcome": "\(outcome.rawValue)"]
        metadata["downtimeMilliseconds"] = downtime.map { "\($0)" }
        metadata["downtimeAtMostMilliseconds"] = atMost.map { "\($0)" }
        logger.log(level: outcome.standing.isDeployed ? .notice : .warning, "deployment ended", metadata: metadata)
    }
}
