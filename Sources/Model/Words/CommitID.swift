/// The id of a git commit: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
public struct CommitID: WrittenValue {
    public static let form = "a commit id of 40 or 64 hexadecimal digits"

    public let hex: String

    /// `nil` unless `hex` is a complete object id.
    public init?(_ hex: String) {
        let digits = hex.lowercased()
        // Other writings have digits too, of more than a byte each.
        guard [40, 64].contains(digits.utf8.count), digits.count == digits.utf8.count,
            digits.allSatisfy(\.isHexDigit)
        else { return nil }
        self.hex = digits
    }

    /// The first ten digits, for people.
    public var short: String { String(hex.prefix(10)) }
    public var description: String { hex }
}
