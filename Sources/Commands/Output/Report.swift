internal import FoundationEssentials
public import Model

/// The answer of a read command: one value, rendered for people or as JSON.
public protocol Report: Encodable, Sendable {
    /// For people, one element a line.
    func lines(_ style: TextStyle) -> [String]
}

extension Report {
    /// The documented contract: the report's keys and `formatVersion`, sorted, indented.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Self.harmless(String(decoding: try encoder.encode(VersionedReport(report: self)), as: UTF8.self))
    }

    /// The same value. The encoder escapes what is below U+0020 only, and a report has texts of strangers, as of a
    /// registry or a program in a container, that a terminal may obey.
    private static func harmless(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isRaw) else { return json }
        var text = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            if isRaw(scalar) { text.append(contentsOf: escaped(scalar).unicodeScalars) } else { text.append(scalar) }
        }
        return String(text)
    }

    /// Line feeds between the lines are the encoder's own.
    private static func isRaw(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x7F && scalar.steersTerminal }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}

/// Adds the version of the contract to a report. It grows only when a key is removed or changes its meaning.
private struct VersionedReport<Content: Report>: Encodable {
    static var formatVersion: Int { 1 }

    let report: Content

    private enum Key: String, CodingKey { case formatVersion }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.formatVersion, forKey: .formatVersion)
    }
}

/// A moment in a report: ISO 8601 in UTC.
public struct ReportTime: Codable, Hashable, Sendable {
    public let moment: Timestamp

    public init(_ moment: Timestamp) { self.moment = moment }

    /// `nil` unless `text` is one, with or without a fraction of the second.
    init?(_ text: String) {
        let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
        guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else { return nil }
        moment = Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        moment = Timestamp(milliseconds: Int64((try style.parse(text).timeIntervalSince1970 * 1000).rounded()))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(CivilTime(moment).utc)
    }
}
