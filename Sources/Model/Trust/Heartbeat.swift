/// A signer's word that the branch stood at a commit at a time: an annotated tag whose name says which branch.
public struct Heartbeat: Hashable, Sendable {
    public var commit: CommitID
    /// As the signer's clock had it.
    public var time: Timestamp
    public var signer: CommitSigner

    public init(commit: CommitID, time: Timestamp, signer: CommitSigner) {
        self.commit = commit
        self.time = time
        self.signer = signer
    }
}

/// What the server has to show where the branch stands.
public enum HeartbeatFinding: Hashable, Sendable {
    case absent
    case signed(Heartbeat)
    /// There is a tag that does not count, and why.
    case refused(String)
}

extension Heartbeat {
    /// What the tag is called: `fairlead-heartbeat/main`.
    public static func tagName(of branch: String) -> String { "fairlead-heartbeat/\(branch)" }

    /// What a signer runs in a clone of the customer repo that is up to date.
    public static func command(for branch: String) -> String {
        let name = tagName(of: branch)
        return "git tag -f -s -m heartbeat \(name) \(branch) && git push -f origin \(name)"
    }

    /// From the text of an annotated tag, without its signature; `nil` unless it is a heartbeat of `branch`. Its name is
    /// signed too: no tag that was signed for something else counts.
    public init?(tag text: String, branch: String, signer: CommitSigner) {
        let header = Array(text.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty })
        guard header.count == 4, header[0].hasPrefix("object "), header[1] == "type commit",
            header[2] == "tag \(Self.tagName(of: branch))", header[3].hasPrefix("tagger "),
            let commit = CommitID(String(header[0].dropFirst(7))), let time = Self.time(of: String(header[3]))
        else { return nil }
        self.init(commit: commit, time: time, signer: signer)
    }

    /// `tagger NAME <MAIL> SECONDS ZONE`.
    private static func time(of line: String) -> Timestamp? {
        guard let end = line.lastIndex(of: ">") else { return nil }
        let parts = line[line.index(after: end)...].split(separator: " ")
        guard parts.count == 2, let seconds = Int64(digits: parts[0]), seconds < 1 << 40 else { return nil }
        return Timestamp(milliseconds: seconds * 1000)
    }
}
