/// A SHA-256 digest as `sha256sum` prints it: 64 lower-case hexadecimal digits.
public struct SHA256Sum: WrittenValue {
    public static let form = "a SHA-256 digest of 64 hexadecimal digits"

    public let description: String

    public init?(_ text: String) {
        guard text.wholeMatch(of: /[0-9a-f]{64}/) != nil else { return nil }
        description = text
    }
}
