/// Where the journal of a host stood, signed by that host: who keeps it can tell whether the journal was changed later, and
/// nobody else can have made it up.
public struct SignedJournalHead: Hashable, Sendable {
    public let host: String
    /// With the whole hash.
    public let head: JournalHead
    /// Armoured, as ssh-keygen makes it.
    public let signature: String

    public init(host: String, head: JournalHead, signature: String) {
        self.host = host
        self.head = head
        self.signature = signature
    }

    /// What is signed.
    public static func statement(_ head: JournalHead, of host: String) -> String {
        "host: \(host)\nhead: \(head.entry):\(head.hash)\n"
    }

    public var statement: String { Self.statement(head, of: host) }

    /// As it stands in a mail.
    public var text: String {
        "\(Self.begin)\n\(statement)\(signature.hasSuffix("\n") ? signature : signature + "\n")\(Self.end)"
    }

    /// From a text that it stands in, as a mail program shows or quotes it; `nil` where none does, or it is damaged.
    public init?(in text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map(Self.unquoted)
        guard let begin = lines.firstIndex(of: Self.begin) else { return nil }
        let block = lines[(begin + 1)...].prefix(Self.mostLines).prefix { $0 != Self.end }.filter { !$0.isEmpty }
        guard block.count > 3, block[0].hasPrefix("host: "), block[1].hasPrefix("head: "),
            let head = JournalHead(String(block[1].dropFirst(6))), head.hash.count == 64,
            block[2] == "-----BEGIN SSH SIGNATURE-----"
        else { return nil }
        self.init(
            host: String(block[0].dropFirst(6)), head: head, signature: block[2...].joined(separator: "\n") + "\n")
    }

    private static func unquoted(_ line: Substring) -> String {
        var line = line.drop { $0 == ">" || $0.isWhitespace }
        while line.last?.isWhitespace == true { line = line.dropLast() }
        return String(line)
    }

    private static let begin = "-----BEGIN FAIRLEAD JOURNAL HEAD-----"
    private static let end = "-----END FAIRLEAD JOURNAL HEAD-----"
    /// A signature by RSA has about 20.
    private static let mostLines = 100
}
