/// The settings at the top of a generated script: Bash variables that cannot be changed.
struct JobSettings {
    private(set) var lines: [String] = []

    /// `declare -r NAME=value`.
    mutating func set(_ name: String, _ value: String) { lines.append("declare -r \(name)=\(Self.quoted(value))") }

    /// `declare -ra NAME=(values)`.
    mutating func set(_ name: String, _ values: [String]) {
        lines.append("declare -ra \(name)=(\(values.map(Self.quoted).joined(separator: " ")))")
    }

    /// `declare -rA NAME=([key]=value …)`, sorted by key.
    mutating func set(_ name: String, _ values: [String: String]) {
        let pairs = values.sorted { $0.key < $1.key }.map { "[\(Self.quoted($0.key))]=\(Self.quoted($0.value))" }
        lines.append("declare -rA \(name)=(\(pairs.joined(separator: " ")))")
    }

    /// One word of Bash that stands for exactly `text`, whatever is in it, in printable ASCII on one line; a zero byte,
    /// which no word can hold, is left out.
    static func quoted(_ text: String) -> String {
        if !text.isEmpty, text.utf8.allSatisfy(isPlain) { return text }
        let isReadable = text.utf8.allSatisfy { (0x20...0x7E).contains($0) && !special.contains($0) }
        return isReadable ? "'\(text)'" : "$'\(text.utf8.filter { $0 != 0 }.map(escaped).joined())'"
    }

    /// What means something to Bash even where nothing is expanded, or looks to shellcheck as if it should be expanded.
    private static let special = Set("'\\$`\"!".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/._-:".utf8.contains(byte)
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        if (0x20...0x7E).contains(byte), !special.contains(byte) { return String(UnicodeScalar(byte)) }
        return "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
