/// RFC 6901.
public enum JSONPointer {
    /// The unescaped parts; none for the empty pointer.
    public static func parts(of pointer: String) -> [String] {
        pointer.pathParts.dropFirst().map { $0.utf8.contains(UInt8(ascii: "~")) ? unescaped($0) : $0 }
    }

    /// `pointer` with one more part.
    public static func child(_ part: String, of pointer: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return "\(pointer)/\(part)"
        }
        return part.unicodeScalars.reduce(into: pointer + "/") { text, scalar in
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// A single pass: `~01` is `~1`, not `/`.
    private static func unescaped(_ part: String) -> String {
        var text = ""
        var rest = part.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch (scalar, rest.first) {
            case ("~", "0"): rest.removeFirst()
            case ("~", "1"):
                text += "/"
                rest.removeFirst()
                continue
            default: break
            }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
