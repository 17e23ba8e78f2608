internal import Logging
internal import Model
internal import Planning

/// Follows the branch of the customer repo: polls, fetches what is new, and has it judged.
struct BranchFollower: Sendable {
    let poll: BranchPoll
    let judge: TipJudge
    let signers: RotationDuty
    let staleness: BranchStaleness
    let logger: Logger

    /// Where the branch stands. Throws what keeps its tip from being here and followed; how long that lasts is remembered, and told.
    func tip(_ scope: Reconciler.Scope, _ state: HostState) async throws -> BranchTip {
        let tip = try await staleness.noting { try await follow(scope, state) }
        if case .untrusted(let why, _) = tip {
            logger.warning(
                "a commit is not believed", metadata: ["commit": "\(why.tip.short)", "reason": "\(why.message)"])
        }
        return tip
    }

    private func follow(_ scope: Reconciler.Scope, _ state: HostState) async throws -> BranchTip {
        let seen = state.lastSeen
        let tip = try await poll.tip(after: seen)
        if let seen, seen.commit.id == tip.commit, !scope.rereads, !scope.force,
            // Before the tip is judged: who may sign it may have changed.
            try await !signers.tend(tip.commit), try await judge.isSettled(seen, state)
        {
            return .unchanged(seen)
        }
        try await poll.fetch(tip)
        _ = try await signers.tend(tip.commit)
        return try await judge.judged(tip, after: seen)
    }
}
