/// A new list of those who may sign commits, as a tag carries it.
public struct SignerProposal: Hashable, Sendable {
    /// Each list has one more than the one before.
    public let number: Int
    /// Whose hosts it is for.
    public let stack: String
    /// Empty: all of the stack.
    public let hosts: [String]
    public let keys: [SignerKey]
    /// What ssh-keygen reads.
    public let lines: String
    /// All of it, as it was signed: two lists are the same where this is.
    public let text: String

    /// Why the text of a tag is no list.
    public struct Fault: Error, Hashable {
        public let reason: String
    }

    /// More keys are not read.
    private static let mostKeys = 64

    /// From the message of a tag: `number`, `stack` and `hosts`, an empty line, and the lines of the list.
    public init(message: String) throws(Fault) {
        let text = message.split(separator: "\n", omittingEmptySubsequences: false)
        let head = text.prefix { !$0.isEmpty }.map(String.init)
        let lines = text.dropFirst(head.count).filter { !$0.isEmpty }.map(String.init)
        guard head.count == 3, head[0].hasPrefix("number: "), head[1].hasPrefix("stack: "),
            head[2].hasPrefix("hosts: "),
            let number = Int(digits: head[0].dropFirst(8)), number > 0
        else { throw Fault(reason: "it does not begin with 'number: ', 'stack: ' and 'hosts: ', and an empty line") }
        self.number = number
        stack = String(head[1].dropFirst(7))
        let hosts = head[2].dropFirst(7).split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
        self.hosts = hosts == ["*"] ? [] : hosts
        guard !hosts.isEmpty else { throw Fault(reason: "it names no hosts; '*' stands for all of the stack") }
        keys = try Self.keys(lines)
        self.lines = lines.joined(separator: "\n") + "\n"
        self.text = (head + [""] + lines).joined(separator: "\n")
    }

    private static func keys(_ lines: [String]) throws(Fault) -> [SignerKey] {
        guard lines.count <= mostKeys else { throw Fault(reason: "it has more than \(mostKeys) lines") }
        var owners: [String: String] = [:]
        var keys: [SignerKey] = []
        for line in lines {
            guard let key = SignerKey(line) else {
                let shown = ForeignText(line, limit: 60)
                throw Fault(
                    reason: "'\(shown)' is no line of one name and one key: 'ada@example.com ssh-ed25519 AAAA…'")
            }
            let person = CommitSigner.person(key.name)
            guard owners[key.key, default: person] == person else {
                throw Fault(reason: "one key is of '\(key.name)' and of '\(owners[key.key] ?? "")'")
            }
            owners[key.key] = person
            keys.append(key)
        }
        return keys
    }

    /// Each once, in the order of the list.
    public var persons: [String] { Self.persons(keys) }

    /// How many can sign, whatever time it is.
    func lastingPersons(without revoked: Set<String>) -> Int {
        Self.persons(keys.filter { !$0.isLimited && !revoked.contains($0.key) }).count
    }

    private static func persons(_ keys: [SignerKey]) -> [String] {
        var seen: Set<String> = []
        return keys.map { CommitSigner.person($0.name) }.filter { seen.insert($0).inserted }
    }
}

/// One person's signature below a list: an annotated tag.
public struct SignerVote: Hashable, Sendable {
    public var list: SignerProposal
    /// What the tag is on; it says of which repo the list is.
    public var commit: CommitID
    public var signer: CommitSigner

    public init(list: SignerProposal, commit: CommitID, signer: CommitSigner) {
        self.list = list
        self.commit = commit
        self.signer = signer
    }

    /// What the tags of list `number` begin with, after `refs/tags/`; who signs chooses the rest.
    public static func prefix(of number: Int) -> String { "fairlead-signers/\(number)/" }

    /// What a present signer runs in a clone of the customer repo, with the list in the file `signers`.
    public static func command(for number: Int) -> String {
        "t=\"\(prefix(of: number))$(git config user.email)\" && git tag -f -s -F signers \"$t\" "
            + "&& git push -f origin \"refs/tags/$t\""
    }

    /// From the text of an annotated tag, without its signature, which the server calls `name`. Its name is signed too: no
    /// tag that was signed for something else counts.
    public init(tag text: String, name: String, signer: CommitSigner) throws(SignerProposal.Fault) {
        let parts = text.split(separator: "\n\n", maxSplits: 1).map(String.init)
        let header = (parts.first ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, header.count == 4, header[0].hasPrefix("object "), header[1] == "type commit",
            header[3].hasPrefix("tagger "), let commit = CommitID(String(header[0].dropFirst(7)))
        else { throw SignerProposal.Fault(reason: "it is not an annotated tag on a commit") }
        guard header[2] == "tag \(name)" else { throw SignerProposal.Fault(reason: "it was signed under another name") }
        self.init(list: try SignerProposal(message: parts[1]), commit: commit, signer: signer)
    }
}

/// A tag that is to be a signature below a list.
public enum SignerVoteFinding: Hashable, Sendable {
    case signed(SignerVote)
    /// It does not count, and why, in words.
    case refused(String)

    public var vote: SignerVote? { if case .signed(let vote) = self { vote } else { nil } }
}
