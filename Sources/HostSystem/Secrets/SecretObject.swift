internal import Files
internal import FoundationEssentials
internal import Model

/// A JSON object of texts. Errors name keys, never values: nothing of a parser's message is passed on.
enum SecretObject {
    /// `source` says in errors where it comes from.
    static func values(in bytes: [UInt8], from source: String) throws(HostError) -> [String: String] {
        // Whoever can push can seal a file for this host. A name of so many marks would take hours to be read.
        guard bytes.withoutCrowds == bytes else {
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw HostError("\(source) is not text in UTF-8", hint: "save it in UTF-8 and seal it again")
            }
            throw HostError(
                "a text in \(source) has more than 30 marks on one letter", hint: "remove the marks and seal it again")
        }
        guard let entries = try? JSONDecoder().decode([String: Entry].self, from: Data(bytes)) else {
            throw HostError(
                "\(source) is not a JSON object of secrets",
                hint: "write {\"name\": \"value\"}; check it with 'jq type'")
        }
        let wrong = entries.filter { $0.value == .other }.keys
        guard wrong.isEmpty else {
            throw HostError("in \(source) the value of \(quoted(wrong)) is not a text", hint: "put it in quotes")
        }
        return entries.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
    }

    /// The secrets of the host's own file with those of the customer repo, whose writers do not see the others: a name that
    /// is in both is an error.
    static func joined(
        own: [String: String], committed: [String: String]
    ) throws(HostError) -> [String: String] {
        let doubles = Set(own.keys).intersection(committed.keys)
        guard doubles.isEmpty else {
            throw HostError(
                "\(quoted(doubles)) is in '\(SealedSecrets.fileName)' and in this host's own secrets file",
                hint: "remove it from one of them")
        }
        return own.merging(committed) { own, _ in own }
    }

    /// On one line, whatever somebody wrote as a name.
    private static func quoted(_ names: some Sequence<String>) -> String {
        names.sorted().map { name in
            let shown = name.unicodeScalars.map { scalar -> Unicode.Scalar in
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator: "?"
                default: scalar
                }
            }
            return "'\(String(String.UnicodeScalarView(shown)))'"
        }.joined(separator: ", ")
    }

    /// As ``values(in:from:)`` reads it, for people to edit.
    static func text(of values: [String: String]) throws(HostError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let text = try? encoder.encode(values) else { throw HostError("cannot write the secrets as JSON") }
        return Array(text) + [0x0a]
    }

    private enum Entry: Decodable, Equatable {
        case text(String)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = (try? container.decode(String.self)).map(Entry.text) ?? .other
        }
    }
}
