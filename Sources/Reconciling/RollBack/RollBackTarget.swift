public import Planning

/// What a roll back would do.
public struct RollBackTarget: Sendable {
    public let snapshot: DataSnapshot
    /// What comes back.
    public let state: DeployedState
    /// What counts as deployed now; `nil` when nothing does.
    public let deployed: DeployedState?
    /// The tip of the branch as it was seen last.
    public let tip: CommitRecord?
    /// What differs between what is deployed and what comes back.
    public let changes: [PlanChange]

    /// Whether the branch asks for something else than what comes back, as far as it was seen.
    public var tipDiffers: Bool { tip.map { $0.commit.id != state.commit } ?? false }
}
