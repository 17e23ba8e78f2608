/// A commit as it is named beside what it changed.
public struct CommitName: Codable, Hashable, Sendable {
    public var id: CommitID
    public var author: String
    public var subject: String
    /// `true`: some commit before this one, the oldest that was looked at; absent: this one.
    public var earlier: Bool?
    /// Who signed it, as this host's list of signers has them; absent where the host verified nothing of it.
    public var signer: String?

    public init(id: CommitID, author: String, subject: String, earlier: Bool? = nil) {
        self.id = id
        self.author = author
        self.subject = subject
        self.earlier = earlier
    }

    public init(_ commit: Commit, earlier: Bool = false) {
        self.init(id: commit.id, author: commit.author, subject: commit.subject, earlier: earlier ? true : nil)
    }
}

extension CommitName: CustomStringConvertible {
    /// `a1b2c3d4e5 Ada, signed by ada@example.com: “Limit the database's memory”`.
    public var description: String {
        let name = author + (signer.map { ", signed by \($0)" } ?? "")
        return (earlier == true ? "earlier than " : "") + "\(id.short) \(name): “\(subject)”"
    }
}
