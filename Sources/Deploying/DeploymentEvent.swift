public import Model

/// What a deployment tells while it runs, for progress displays and logs. Never carries a secret.
public enum DeploymentEvent: Sendable {
    case began(deployment: Int64, commit: CommitID?, trigger: DeploymentTrigger, changes: [PlanChange])
    case stepStarted(DeploymentStep)
    case stepEnded(DeploymentStep, Duration, error: String?)
    case container(String, ContainerRecord.Phase)
    /// Something moves on inside a step, such as a pull.
    case progress(container: String, text: String)
    case note(String)
    /// The downtime is `nil` when nothing was down; `atMostMilliseconds` where it may have been longer.
    case ended(
        deployment: Int64, outcome: DeploymentOutcome, downtimeMilliseconds: Int64?, atMostMilliseconds: Int64? = nil)
}

/// Listens to a deployment; returns at once.
public protocol DeploymentObserver: Sendable {
    func deployment(_ event: DeploymentEvent)
}
