internal import Model

/// A commit in a report.
struct CommitSummary: Codable, Hashable, Sendable {
    var id: String
    /// Absent when the journal no longer knows the commit.
    var author: String?
    var email: String?
    var authored: ReportTime?
    var subject: String?
    /// Why this host believes it; absent where commits are not verified.
    var warrant: Warrant?

    /// Who answers for a commit on this host.
    struct Warrant: Codable, Hashable, Sendable {
        var way: CommitWarrant.Way
        /// As the host's list of signers has them.
        var signer: String?
        /// The fingerprint of their key.
        var key: String?
        /// Who signed it beside; absent where no rule wanted that.
        var approvers: [String]?
        /// Who accepted it on this host.
        var person: String?
        /// The same for people.
        var text: String

        init(_ warrant: CommitWarrant) {
            way = warrant.way
            signer = warrant.signer?.name
            key = warrant.signer?.key
            approvers = warrant.approvers?.map(\.name)
            person = warrant.person
            text = warrant.words
        }
    }

    init(id: CommitID) { self.id = id.hex }

    init(_ commit: Commit) {
        id = commit.id.hex
        author = commit.author
        email = commit.email
        authored = ReportTime(Timestamp(milliseconds: commit.time * 1000))
        subject = commit.subject
        warrant = commit.warrant.map(Warrant.init)
    }

    var name: CommitID? { CommitID(id) }
    var short: String { String(id.prefix(10)) }

    /// `Ada: “Upgrade to 1.1.0”`, with who signed it where that is known; a subject like `Revert "…"` has the other quotes in it.
    var words: String {
        guard let author, let subject else { return "" }
        return "\(author)\(warrant.map { ", \($0.text)" } ?? ""): “\(subject)”"
    }
}
