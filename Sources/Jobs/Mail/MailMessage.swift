internal import Files
internal import FoundationEssentials
internal import Model

/// What is to be mailed, as it waits in the queue: what it says, and neither to whom nor through which server.
/// `compose-mail.bash` makes a mail of it when it is sent; `mail.bash` queues the same form.
struct MailMessage: Sendable {
    /// `TIME-RANDOM@DOMAIN`. It becomes the Message-ID, and stays when the settings change between two attempts: a
    /// server may have taken the first one.
    let identifier: String
    /// When it was queued.
    let time: Timestamp
    let subject: String
    let body: String

    /// For a queue whose mails `sender` sends.
    init(_ identity: MailQueue.Identity, from sender: MailSender, subject: String, body: String) {
        let domain = sender.from.split(separator: "@").last.map(String.init) ?? "localhost"
        identifier = "\(identity.name)@\(domain)"
        time = identity.time
        self.subject = subject
        self.body = body
    }

    /// Three lines, an empty one, and the body as it is.
    var bytes: [UInt8] {
        // A line holds neither of the two. Whatever else is in the subject is the composer's.
        let line = subject.unicodeScalars.map { $0 == "\n" || $0 == "\0" ? " " : String($0) }.joined()
        let header = "Id: \(identifier)\nTime: \(time.milliseconds / 1000)\nSubject: \(line)\n\n"
        return Array(header.utf8) + body.utf8.prefix(Self.limit)
    }

    /// In bytes; what is longer is cut off, since a server would refuse the whole.
    private static let limit = 1 << 20
}

/// The subject of what waits, for people: one line, as it is in the mail.
enum MailSubject {
    /// `name` tells the form: a message, or a complete mail (`.eml`) that an older version queued.
    static func text(in bytes: [UInt8], named name: String) -> String {
        let lines = String(decoding: bytes.prefix(8 << 10), as: UTF8.self).unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }.map(String.init)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("Subject: ") }) else { return "" }
        let first = String(lines[start].unicodeScalars.dropFirst("Subject: ".count))
        guard name.hasSuffix(MailDirectory.mailSuffix) else { return shown(first) }
        let more = lines[(start + 1)...].prefix { $0.hasPrefix(" ") }.map { String($0.dropFirst()) }
        return ([first] + more).map(decoded).joined()
    }

    /// As `mail_subject` of `compose-mail.bash` has it.
    private static func shown(_ text: String) -> String {
        // What is no UTF-8 is left out.
        let scalars = text.unicodeScalars.filter { $0 != "\u{FFFD}" }
        let line = scalars.map { endsLine($0) ? " " : $0 }.prefix(250).drop { $0 == " " }
        return String(String.UnicodeScalarView(line.reversed().drop { $0 == " " }.reversed()))
    }

    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    private static func decoded(_ word: String) -> String {
        guard let match = word.wholeMatch(of: /=\?UTF-8\?B\?(?<text>[^?]*)\?=/),
            let bytes = Data(base64Encoded: String(match.output.text))
        else { return word }
        return String(decoding: bytes, as: UTF8.self)
    }
}
