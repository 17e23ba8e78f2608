internal import FoundationEssentials

/// A list of those who may sign, as ssh-keygen reads it: a line that it cannot read it passes over, and whoever that line
/// means is believed no more, or never was.
public struct AllowedSigners: Sendable {
    /// A line that names nobody, or nobody knows how many.
    public struct Fault: Hashable, Sendable {
        /// From 1.
        public let line: Int
        /// Lower case, one line; never holds what stands there.
        public let reason: String
    }

    /// Of lines that name nobody.
    public let faults: [Fault]
    /// Of lines that do not say who one person is, which matters where several have to sign.
    public let crowds: [Fault]

    /// For people: what a line looks like.
    public static let form = "'ada@example.com namespaces=\"git\" ssh-ed25519 AAAA…'"

    public init(_ text: String) {
        let lines = Array(text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated())
        faults = lines.compactMap { index, line in Self.fault(of: line).map { Fault(line: index + 1, reason: $0) } }
        crowds = lines.compactMap { index, line in
            SignerLine(line)?.crowd.map { Fault(line: index + 1, reason: $0) }
        }
    }

    /// `nil` for a line that counts, and for one that is empty or a comment.
    private static func fault(of line: Substring) -> String? {
        var rest = line.drop(while: isBlank)
        guard let first = rest.first, first != "#" else { return nil }
        guard takeWord(&rest) != nil else { return "a quote in it is not closed" }
        if SignerKeyText.isKind(rest.prefix { !isBlank($0) }) { return SignerKeyText.fault(of: rest) }
        guard let options = takeWord(&rest) else { return "a quote in it is not closed" }
        guard !rest.isEmpty else { return "it has no public key" }
        return SignerOptions.fault(of: options) ?? SignerKeyText.fault(of: rest)
    }

    /// Up to the next blank outside of quotes, which is taken too; `nil` where a quote is not closed.
    static func takeWord(_ rest: inout Substring) -> Substring? {
        var isQuoted = false
        let end = rest.firstIndex { character in
            if character == "\"" { isQuoted.toggle() }
            return !isQuoted && isBlank(character)
        }
        guard !isQuoted else { return nil }
        defer { rest = rest[(end ?? rest.endIndex)...].drop(while: isBlank) }
        return rest[..<(end ?? rest.endIndex)]
    }

    static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}

/// What a line says of when, and for what, its key counts.
enum SignerOptions {
    static func fault(of text: Substring) -> String? {
        var times: [String: String] = [:]
        for option in parts(of: text) {
            if option.lowercased() == "cert-authority" { continue }
            let halves = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = halves[0].lowercased()
            guard halves.count == 2, ["namespaces", "valid-after", "valid-before"].contains(name) else {
                return "it has an option that there is not"
            }
            guard halves[1].count > 1, halves[1].hasPrefix("\""), halves[1].hasSuffix("\"") else {
                return "its '\(name)' is not in quotes"
            }
            guard name != "namespaces" else { continue }
            guard let time = time(halves[1].dropFirst().dropLast()) else {
                return "its '\(name)' is no time such as '20270101'"
            }
            times[name] = time
        }
        guard let after = times["valid-after"], let before = times["valid-before"], before <= after else { return nil }
        return "its 'valid-before' is not after its 'valid-after'"
    }

    /// At commas outside of quotes.
    static func parts(of text: Substring) -> [Substring] {
        var isQuoted = false
        return text.split(omittingEmptySubsequences: false) { character in
            if character == "\"" { isQuoted.toggle() }
            return !isQuoted && character == ","
        }
    }

    /// With all its digits, so that times can be compared.
    private static func time(_ text: Substring) -> String? {
        let form =
            /[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?)?Z?/
        guard text.wholeMatch(of: form) != nil else { return nil }
        let digits = text.filter(\.isNumber)
        return digits + String(repeating: "0", count: 14 - digits.count)
    }
}

/// The key of a line, and what follows it.
enum SignerKeyText {
    /// How many strings a key of each kind is made of, its name among them.
    private static let kinds = [
        "ssh-ed25519": 2, "ssh-rsa": 3, "ecdsa-sha2-nistp256": 3, "ecdsa-sha2-nistp384": 3, "ecdsa-sha2-nistp521": 3,
        "sk-ssh-ed25519@openssh.com": 3, "sk-ecdsa-sha2-nistp256@openssh.com": 4,
    ]

    static func isKind(_ text: Substring) -> Bool { kinds[String(text)] != nil }

    static func fault(of text: Substring) -> String? {
        let words = text.split(whereSeparator: AllowedSigners.isBlank)
        guard let kind = words.first.map(String.init), let count = kinds[kind] else { return "it has no public key" }
        guard words.count > 1 else { return "there is no key behind '\(kind)'" }
        guard let blob = Data(base64Encoded: String(words[1])), let parts = strings(in: Array(blob)),
            parts.count == count, parts[0].elementsEqual(kind.utf8), kind != "ssh-ed25519" || parts[1].count == 32
        else { return "its key is cut off or damaged" }
        return nil
    }

    /// Each with its length before it (RFC 4251 §5); `nil` where they do not end with the bytes.
    private static func strings(in bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
        var parts: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard length <= rest.count else { return nil }
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts
    }
}
