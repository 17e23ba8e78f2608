public import Deploying
public import Model

/// What one cycle of the loop found and did.
public struct CycleReport: Sendable {
    public enum Outcome: Sendable {
        case suspended(Suspension)
        /// The branch stands where it stood, and all that could be done for it is done.
        case unchanged(CommitRecord)
        /// The commit is deployed, or moves the stack, once something else has happened, in words.
        case waiting(Commit, String)
        /// A new commit that changes nothing of the plan.
        case nothingToDeploy(Commit)
        /// The commit cannot be deployed; nothing was touched.
        case refused(Commit, any Error)
        /// This plan has failed before and is not tried now.
        case remembered(Commit, FailedPlan)
        /// A deployment was run; its result says how it ended.
        case deployment(Commit, DeploymentResult)
    }

    public var outcome: Outcome
    /// What else is worth knowing: a rewritten branch, a fallback that served, warnings of the plan.
    public var notes: [String]
    /// Whether anything counts as deployed, of a commit that is refused.
    public var isDeployed: Bool

    public init(outcome: Outcome, notes: [String] = [], isDeployed: Bool = true) {
        self.isDeployed = isDeployed
        self.outcome = outcome
        self.notes = notes
    }
}
