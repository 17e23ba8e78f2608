/// The newest entry of the journal's chain: who knows it can tell whether anything before was changed later.
public struct JournalHead: Codable, Hashable, Sendable, LosslessStringConvertible {
    /// From 1, without gaps.
    public var entry: Int64
    /// SHA-256, of which an abbreviation has 16 hexadecimal digits or more.
    public var hash: String

    public init(entry: Int64, hash: String) {
        self.entry = entry
        self.hash = hash
    }

    /// `412:0123456789abcdef`, as ``description`` writes it; the hash may be longer.
    public init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([1-9][0-9]{0,17}):([0-9a-f]{16,64})/), let entry = Int64(match.1)
        else { return nil }
        self.init(entry: entry, hash: String(match.2))
    }

    public var description: String { "\(entry):\(hash.prefix(16))" }
}
