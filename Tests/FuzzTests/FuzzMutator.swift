/// Damages inputs the way that finds faults of parsers: bytes, borders of numbers, tokens, nesting, and parts of other
/// inputs.
struct FuzzMutator {
    let words: [String]
    /// In bytes; longer ones show nothing but that they are long.
    private static let longest = 64 << 10

    /// Texts at the borders of what a type holds, or that mean something to a reader of text.
    private static let strays = [
        "0", "-1", "-0", "65535", "65536", "4294967296", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "1e400", "0.1e-400", "null", "true", "{}", "[]", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
        "\\", "\"", "..", "../../../etc/passwd", "/", "//", "~", "%", "%00", "%n%s", "${", "${secret:x}", "${version}",
        "\u{202E}", "\u{FEFF}", "\u{1B}[2J", "e\u{301}", "\0", "\n", "\r\n", "\t", " ", ":", ",", "@", "=", "*", "!",
        "#", "'",
        "999999999999999999d", "1B", "1EiB", "0s", "* * * * *", "::", "255.255.255.255/32", "0.0.0.0/0",
    ]

    func mutated(_ input: [UInt8], pool: [[UInt8]], _ dice: inout FuzzDice) -> [UInt8] {
        var bytes = input
        for _ in 0...dice.below(4) { damage(&bytes, pool, &dice) }
        return Array(bytes.prefix(Self.longest))
    }

    private func damage(_ bytes: inout [UInt8], _ pool: [[UInt8]], _ dice: inout FuzzDice) {
        let place = dice.below(bytes.count + 1)
        switch dice.below(9) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(dice.below(8))
        case 1 where place < bytes.count: bytes[place] = UInt8(dice.below(256))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + dice.below(24)))
        case 3: bytes.insert(contentsOf: stray(&dice), at: place)
        case 4: replaceToken(of: &bytes, from: place, with: stray(&dice))
        case 5: bytes.insert(contentsOf: bytes[place...].prefix(1 + dice.below(200)), at: place)
        case 6: repeatPart(of: &bytes, at: place, &dice)
        case 7: splice(&bytes, at: place, pool, &dice)
        default: swapTokens(of: &bytes, &dice)
        }
    }

    private func stray(_ dice: inout FuzzDice) -> [UInt8] {
        let all = words.isEmpty || dice.below(2) == 0 ? Self.strays : words
        return Array(all[dice.below(all.count)].utf8)
    }

    private func replaceToken(of bytes: inout [UInt8], from place: Int, with text: [UInt8]) {
        guard let begin = bytes[place...].firstIndex(where: Self.isWord) else { return }
        let end = bytes[begin...].firstIndex { !Self.isWord($0) } ?? bytes.count
        bytes.replaceSubrange(begin..<end, with: text)
    }

    /// Nesting, and lists without an end.
    private func repeatPart(of bytes: inout [UInt8], at place: Int, _ dice: inout FuzzDice) {
        let part =
            dice.below(3) == 0
            ? Array([UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "A")][dice.below(3)...].prefix(1))
            : Array(bytes[place...].prefix(1 + dice.below(12)))
        guard !part.isEmpty else { return }
        let times = [3, 40, 600, 4000][dice.below(4)]
        bytes.insert(contentsOf: repeatElement(part, count: times).joined(), at: place)
    }

    private func splice(_ bytes: inout [UInt8], at place: Int, _ pool: [[UInt8]], _ dice: inout FuzzDice) {
        guard !pool.isEmpty else { return }
        let other = pool[dice.below(pool.count)]
        let begin = dice.below(other.count)
        bytes.replaceSubrange(
            place..<min(bytes.count, place + dice.below(80)), with: other[begin...].prefix(1 + dice.below(300)))
    }

    private func swapTokens(of bytes: inout [UInt8], _ dice: inout FuzzDice) {
        guard bytes.count > 8 else { return }
        let length = 1 + dice.below(6)
        let (one, two) = (dice.below(bytes.count - length), dice.below(bytes.count - length))
        for offset in 0..<length { bytes.swapAt(one + offset, two + offset) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
    }
}
