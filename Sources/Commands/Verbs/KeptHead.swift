internal import FoundationEssentials
internal import HostSystem
internal import Model

/// A head of the journal that somebody kept: as it was written down, or in a mail.
enum KeptHead {
    case written(JournalHead)
    /// `-`: standard input.
    case file(String)

    init(argument: String) { self = JournalHead(argument).map(Self.written) ?? .file(argument) }

    /// Of a signed one only what this host signed counts.
    func head(of host: String, signedBy key: HostKey) async throws -> JournalHead {
        switch self {
        case .written(let head): return head
        case .file(let path):
            guard let bytes = try HostFile(path == "-" ? "/dev/stdin" : path).read(limit: 1 << 20) else {
                throw MissingHead(argument: path)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let signed = SignedJournalHead(in: text) ?? SignedJournalHead(in: Self.decoded(text)) else {
                throw UnsignedHead(file: path)
            }
            try await key.check(signed, of: host)
            return signed.head
        }
    }

    /// The body of a mail as it was sent, which is base64.
    private static func decoded(_ mail: String) -> String {
        let lines = mail.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let body: String = lines.drop { !$0.isEmpty }.joined(separator: "")
        return Data(base64Encoded: body).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// A file in which no head stands.
struct UnsignedHead: Actionable {
    let file: String

    var message: String { "no signed head of a journal stands in '\(file)'" }
    var hint: String {
        "save the whole mail as text; or give the head that its last lines name, such as '412:0123456789abcdef'"
    }
    var disposition: Disposition { .permanent }
}

/// Neither a head nor a file.
struct MissingHead: Actionable {
    let argument: String

    var message: String { "'\(argument)' is neither a head such as '412:0123456789abcdef' nor a file" }
    var hint: String { "give the head that a mail's last lines name, or the file to which the mail was saved" }
    var disposition: Disposition { .permanent }
}
