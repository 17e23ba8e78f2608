/// Something that was signed, and shows that the branch as this host sees it is no older than a time.
public struct FreshnessProof: Codable, Hashable, Sendable {
    public enum Form: String, Codable, Hashable, Sendable {
        /// The tip of the branch, which was made then.
        case commit
        /// A signed tag that says where the branch stood.
        case heartbeat
    }

    public var form: Form
    /// The tip, or what the heartbeat speaks of.
    public var commit: CommitID
    public var signer: CommitSigner?
    /// As its signer's clock had it.
    public var signed: Timestamp
    /// When this host saw it first.
    public var seen: Timestamp

    public init(form: Form, commit: CommitID, signer: CommitSigner?, signed: Timestamp, seen: Timestamp) {
        self.form = form
        self.commit = commit
        self.signer = signer
        self.signed = signed
        self.seen = seen
    }

    /// What is sure, whichever of both clocks is ahead.
    public var time: Timestamp { min(signed, seen) }

    public var words: String {
        let name = signer.map { " of \($0.name)" } ?? ""
        switch form {
        case .commit: return "commit '\(commit.short)'\(name)"
        case .heartbeat: return "the heartbeat\(name) on commit '\(commit.short)'"
        }
    }
}
