public import Model
public import Reconciling
internal import Synchronization

/// One person who signs commits and heartbeats, and what the host remembers of both.
public final class SimulatedSigners: Sendable {
    private struct State {
        /// When each commit was signed.
        var signed: [CommitID: Timestamp] = [:]
        var heartbeat: Heartbeat?
        var accepted: AcceptedCommit?
        var freshness: BranchFreshness?
    }

    private static let ada = CommitSigner(name: "ada@example.com", key: "SHA256:ada")

    private let state = Mutex(State())

    public init() {}

    /// As of `time`, which the commit says as well.
    public func sign(_ commit: CommitID, at time: Timestamp) { state.withLock { $0.signed[commit] = time } }

    public func beat(_ commit: CommitID, at time: Timestamp) {
        state.withLock { $0.heartbeat = Heartbeat(commit: commit, time: time, signer: Self.ada) }
    }
}

extension SimulatedSigners: SignatureInsight {
    public func findings(of commits: [CommitID], at time: Timestamp) -> [CommitID: SignatureFinding] {
        state.withLock { state in
            Dictionary(
                uniqueKeysWithValues: commits.map { commit in
                    (commit, state.signed[commit] == nil ? .unsigned : .signed(Self.ada))
                })
        }
    }

    public func override(for tip: CommitID, on host: String, at time: Timestamp) -> OverrideFinding { .absent }
    public func approvals(of tip: CommitID, at time: Timestamp) -> [ApprovalFinding] { [] }
}

extension SimulatedSigners: TrustMemory, FreshnessMemory {
    public func acceptedCommit() -> AcceptedCommit? { state.withLock { $0.accepted } }
    public func acceptances() -> [LocalAcceptance] { [] }
    public func record(_ accepted: AcceptedCommit) { state.withLock { $0.accepted = accepted } }
    public func freshness() -> BranchFreshness? { state.withLock { $0.freshness } }
    public func record(_ freshness: BranchFreshness) { state.withLock { $0.freshness = freshness } }
}

extension SimulatedSigners: HeartbeatInsight {
    public func heartbeat(at time: Timestamp) -> HeartbeatFinding {
        state.withLock { $0.heartbeat.map(HeartbeatFinding.signed) ?? .absent }
    }

    public func committed(_ commit: CommitID) -> Timestamp {
        state.withLock { $0.signed[commit] ?? Timestamp(milliseconds: 0) }
    }
}
