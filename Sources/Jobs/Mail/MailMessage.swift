internal import FoundationEssentials
internal import Glibc
internal import Model

/// One mail of plain text, complete as RFC 5322 wants it. `mail.bash` composes the same form.
struct MailMessage: Sendable {
    let sender: MailSender
    let subject: String
    let body: String
    let date: Timestamp
    /// Makes the Message-ID; the same in the name of the queued file.
    let identifier: String

    /// With line feeds, as programs hand mail to each other; msmtp makes them CRLF on the wire.
    var bytes: [UInt8] {
        let domain = sender.from.split(separator: "@").last.map(String.init) ?? "localhost"
        let header = [
            "Date: \(Self.text(of: date))", "From: \(sender.from)", "To: \(sender.to.joined(separator: ",\n "))",
            "Message-ID: <\(identifier)@\(domain)>", "Subject: \(MailSubject(subject).header)", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
            // RFC 3834: no holiday notice answers it.
            "Auto-Submitted: auto-generated",
        ]
        return Array((header.joined(separator: "\n") + "\n\n" + encodedBody).utf8)
    }

    /// Base64 carries every byte, dots and lines of any length; text in it has CRLF (RFC 2045 6.8).
    private var encodedBody: String {
        var lines: [UInt8] = []
        for byte in body.utf8.prefix(Self.limit) {
            if byte == 0x0a { lines.append(0x0d) }
            lines.append(byte)
        }
        guard let last = lines.last else { return "" }
        if last != 0x0a { lines += [0x0d, 0x0a] }
        let options: Data.Base64EncodingOptions = [.lineLength76Characters, .endLineWithLineFeed]
        return Data(lines).base64EncodedString(options: options) + "\n"
    }

    /// In bytes; what is longer is cut off, since a server would refuse the whole.
    private static let limit = 1 << 20

    /// `Fri, 21 Nov 2025 14:04:07 +0000`.
    private static func text(of date: Timestamp) -> String {
        var seconds = time_t(date.milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 64)
        // This process never leaves the C locale, so the names are English.
        let count = strftime(&buffer, buffer.count, "%a, %d %b %Y %H:%M:%S +0000", &parts)
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// A subject as a header line may hold it: nothing in it can end the line.
struct MailSubject {
    private let text: String

    init(_ text: String) {
        let line = text.unicodeScalars.map { Self.endsLine($0) ? " " : Character($0) }
        let trimmed = String(line).unicodeScalars.prefix(250).drop { $0 == " " }.reversed().drop { $0 == " " }
        self.text = String(String.UnicodeScalarView(trimmed.reversed()))
    }

    /// As it is where plain ASCII will do, otherwise in encoded words (RFC 2047).
    var header: String {
        let isPlain = text.utf8.allSatisfy { 0x20...0x7e ~= $0 } && text.utf8.count <= 66 && !text.contains("=?")
        return isPlain ? text : words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\n ")
    }

    /// No word of more than 75 characters, none with a part of a character, no line of more than 76 characters.
    private var words: [[UInt8]] {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if words[words.count - 1].count + bytes.count > 39 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words
    }

    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}

extension MailSubject {
    /// The subject of a message that Fairlead or its scripts composed, for people.
    static func text(inMessage bytes: [UInt8]) -> String {
        let lines = String(decoding: bytes.prefix(8 << 10), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
        guard let start = lines.firstIndex(where: { $0.hasPrefix("Subject: ") }) else { return "" }
        let more = lines[(start + 1)...].prefix { $0.hasPrefix(" ") }
        let words = ([lines[start].dropFirst("Subject: ".count)] + more.map { $0.dropFirst() })
        return words.map { decoded(String($0)) }.joined()
    }

    private static func decoded(_ word: String) -> String {
        guard let match = word.wholeMatch(of: /=\?UTF-8\?B\?(?<text>[^?]*)\?=/),
            let bytes = Data(base64Encoded: String(match.output.text))
        else { return word }
        return String(decoding: bytes, as: UTF8.self)
    }
}
