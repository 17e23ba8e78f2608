/// RFC 6901.
public enum JSONPointer {
    /// The unescaped parts; none for the empty pointer.
    public static func parts(of pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            part.contains("~") ? unescaped(part) : String(part)
        }
    }

    /// `pointer` with one more part.
    public static func child(_ part: String, of pointer: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return "\(pointer)/\(part)"
        }
        return part.reduce(into: pointer + "/") { text, character in
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
    }

    /// A single pass: `~01` is `~1`, not `/`.
    private static func unescaped(_ part: Substring) -> String {
        var text = ""
        var rest = part
        while let character = rest.popFirst() {
            switch (character, rest.first) {
            case ("~", "0"):
                text.append("~")
                rest.removeFirst()
            case ("~", "1"):
                text.append("/")
                rest.removeFirst()
            default: text.append(character)
            }
        }
        return text
    }
}
