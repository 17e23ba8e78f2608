/// The name of one entry of a directory, from somebody who is not trusted with more: it never leads elsewhere.
public struct EntryName: WrittenValue, Comparable {
    public static let form = "a name without '/', '..' and control characters"

    public let description: String

    public init?(_ text: String) {
        guard !text.isEmpty, text != ".", text != "..", text.utf8.count <= 255, !text.utf8.contains(UInt8(ascii: "/")),
            !text.hasControlCharacters
        else { return nil }
        description = text
    }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
