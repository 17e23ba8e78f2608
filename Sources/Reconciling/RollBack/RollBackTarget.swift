public import Model
internal import Planning

/// What a roll back would do.
public struct RollBackTarget: Sendable {
    public let snapshot: DataSnapshot
    /// What comes back.
    public let state: DeployedState
    /// What counts as deployed now; `nil` when nothing does.
    public let deployed: DeployedState?
    /// The tip of the branch as it was seen last.
    public let tip: CommitRecord?
    /// Of what the tip asks for; `nil` where nothing of it could be deployed.
    let tipDigest: String?
    /// What differs between what is deployed and what comes back.
    public let changes: [PlanChange]
    /// The commits that led the branch away from what comes back, newest first; `nil` where that cannot be told.
    var reverts: [Revert]?

    /// Whether the branch asks for something else than what comes back, as far as it was seen.
    public var tipDiffers: Bool { tip != nil && !branchAsksForIt }

    /// What makes the branch ask for what comes back, in words; `nil` where it does already, as far as it was seen.
    public var wayBack: String? {
        guard tipDiffers else { return nil }
        guard let reverts, !reverts.isEmpty else {
            return "bring what '\(state.commit.short)' holds back in the repo"
        }
        return "revert \(reverts.map(\.description).joined(separator: ", then ")) in the repo"
    }

    /// Whether the branch, as far as it was seen, asks for just what comes back.
    var branchAsksForIt: Bool { tip?.commit.id == state.commit || tipDigest == state.desired.digest }

    /// The digests of the plans that the next poll must not deploy again, each with the commit that asks for it: what is
    /// left, and what the branch asks for. None where that is what comes back: nothing is then taken back.
    var plansToHold: [String: CommitID] {
        guard !branchAsksForIt else { return [:] }
        var plans: [String: CommitID] = [:]
        if let deployed { plans[deployed.desired.digest] = deployed.commit }
        if let tip, let tipDigest { plans[tipDigest] = tip.commit.id }
        plans[state.desired.digest] = nil
        return plans
    }
}
