/// The name of a data directory in a backup: of one directory, never of a place elsewhere.
public struct DataName: WrittenValue, Comparable, CodingKeyRepresentable {
    public static let form = "the name of a data directory, without '/', '..' and control characters"
    /// With what is put before it or after it, it is still the name of a file.
    private static let longest = 230
    /// Of what Fairlead keeps beside data directories.
    private static let reserved = ".fairlead-"

    public let description: String

    public init?(_ text: String) {
        guard let name = EntryName(text), text.utf8.count <= Self.longest, !text.hasPrefix(Self.reserved)
        else { return nil }
        description = name.description
    }

    /// Whether a plan may name a data directory so: a backup of an older version may hold others.
    public static func isAccepted(inPlan text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}/) != nil
    }

    public init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }

    public var codingKey: any CodingKey { Key(stringValue: description) }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }
}
