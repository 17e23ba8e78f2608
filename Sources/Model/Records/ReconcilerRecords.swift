/// A commit that the reconciler saw at the tip of the branch, and what came of it.
public struct CommitRecord: Codable, Hashable, Sendable {
    public enum Verdict: String, Codable, Sendable {
        case pending
        case deployed
        case nothingToDeploy = "nothing to deploy"
        case refused
        case rolledBack = "rolled back"
        /// A newer commit arrived before this one was deployed.
        case superseded
        /// It moves this host's stack to another one.
        case moved = "handed over"
    }

    public var commit: Commit
    public var seen: Timestamp
    /// The URL that served it.
    public var servedBy: String
    public var verdict: Verdict
    /// Why it was refused, what changed, or a warning such as a rewritten branch.
    public var note: String?
    public var deployment: Int64?

    public init(
        commit: Commit, seen: Timestamp, servedBy: String, verdict: Verdict = .pending, note: String? = nil,
        deployment: Int64? = nil
    ) {
        self.commit = commit
        self.seen = seen
        self.servedBy = servedBy
        self.verdict = verdict
        self.note = note
        self.deployment = deployment
    }
}

/// What failed, so that the same is not tried for ever.
public struct FailedPlan: Codable, Hashable, Sendable {
    public var key: FailureKey
    public var commit: CommitID
    public var disposition: Disposition
    public var message: String
    public var attempts: Int
    public var lastAttempt: Timestamp
    /// `nil`: not tried again without `fairlead retry` or a changed plan.
    public var nextAttempt: Timestamp?
    /// It is not deployed again since an operator rolled it back, whether or not it failed; absent in older records.
    public var takenBack: Bool?

    /// `key` has the name of the versions that knew digests of plans only.
    private enum CodingKeys: String, CodingKey {
        case key = "planDigest"
        case commit, disposition, message, attempts, lastAttempt, nextAttempt, takenBack
    }

    public init(
        key: FailureKey, commit: CommitID, disposition: Disposition, message: String, attempts: Int,
        lastAttempt: Timestamp, nextAttempt: Timestamp?, takenBack: Bool? = nil
    ) {
        self.takenBack = takenBack
        self.key = key
        self.commit = commit
        self.disposition = disposition
        self.message = message
        self.attempts = attempts
        self.lastAttempt = lastAttempt
        self.nextAttempt = nextAttempt
    }

    /// When it is tried again, as seen at `time`: now, where a clock that was ahead said when. `nil`: not by itself.
    public func nextTry(at time: Timestamp) -> Timestamp? {
        nextAttempt.map { lastAttempt > time ? time : $0 }
    }
}
