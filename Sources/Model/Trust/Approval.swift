/// The signature of one more person below a commit: an annotated tag on it.
public enum Approval {
    /// What the tags of a commit begin with, after `refs/tags/`; who signs chooses the rest.
    public static func prefix(for tip: CommitID) -> String { "fairlead-approve/\(tip.short)/" }

    /// What a signer runs in a clone of the customer repo that has the commit.
    public static func command(for tip: CommitID) -> String {
        "t=\"\(prefix(for: tip))$(git config user.email)\" && git tag -f -s -m approve \"$t\" \(tip.hex) "
            + "&& git push -f origin \"refs/tags/$t\""
    }

    /// Why the text of a signed tag, which the server calls `name`, does not approve `tip`; `nil` when it does. Its name is
    /// signed too: no tag that was signed for something else counts.
    public static func fault(tag text: String, name: String, tip: CommitID) -> String? {
        let header = Array(text.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty })
        guard header.count == 4, header[1] == "type commit", header[3].hasPrefix("tagger ") else {
            return "it is not an annotated tag on a commit"
        }
        guard header[0] == "object \(tip.hex)" else { return "it is on another commit" }
        return header[2] == "tag \(name)" ? nil : "it was signed under another name"
    }
}

/// A tag that is to approve a commit.
public enum ApprovalFinding: Hashable, Sendable {
    case signed(CommitSigner)
    /// It does not count, and why, in words.
    case refused(String)

    public var signer: CommitSigner? { if case .signed(let signer) = self { signer } else { nil } }
    public var fault: String? { if case .refused(let why) = self { why } else { nil } }
}
