/// One difference between what is deployed and what is committed.
public struct PlanChange: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable { case added, removed, changed }

    /// A container's name, `stack`, `secret 'NAME'`, `data directory 'NAME'`, or `backup`.
    public var subject: String
    public var kind: Kind
    /// For people, without the subject: `image 3.43.1 -> 3.43.2`.
    public var text: String
    /// The newest commit that changed this to what it is now; `nil` when none is known, or none did.
    public var commit: CommitName?
    /// Since when it did not serve, where that began before the deployment that this is a reason of.
    public var down: OutageBegin?

    public init(subject: String, kind: Kind, text: String, commit: CommitName? = nil, down: OutageBegin? = nil) {
        self.down = down
        self.subject = subject
        self.kind = kind
        self.text = text
        self.commit = commit
    }

    /// ` (a1b2c3d4e5 Ada: “…”)`; empty beside the name of that very commit.
    public func attribution(beside named: CommitID?) -> String {
        guard let commit, commit.earlier == true || commit.id != named else { return "" }
        return " (\(commit))"
    }
}
