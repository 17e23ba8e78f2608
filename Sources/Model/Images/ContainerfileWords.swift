/// An instruction of a `Containerfile`: its name, its flags, and the words after them.
struct ContainerfileWords {
    /// In small letters.
    let keyword: String
    /// Without quotes and escapes: `--from=image`.
    private(set) var flags: [String] = []
    private(set) var words: [String] = []
    /// How many of the first words may also be what a flag before them stands for: `--from image`.
    private(set) var loose = 0
    /// What comes after the name.
    let rest: ArraySlice<UInt8>
    /// Whether it has marks without end: to compare its words would keep a host busy for hours.
    private(set) var isCrowded: Bool

    init(_ instruction: ArraySlice<UInt8>) {
        let line = instruction.withoutSpaceBefore
        let name = line.prefix { !Self.isSpace($0) }
        keyword = Self.small(String(decoding: name, as: UTF8.self))
        rest = line.dropFirst(name.count).drop(while: Self.isSpace)
        isCrowded = String(decoding: instruction, as: UTF8.self).scalarInCrowd != nil
        var rest = rest
        while rest.starts(with: "--".utf8) {
            let flag = Self.flag(&rest)
            // Some builders let the value stand in the next word, others take that for the first one after the flags.
            guard !flag.contains("="), !rest.isEmpty, !rest.starts(with: "--".utf8) else {
                flags.append(flag)
                continue
            }
            let value = Self.flag(&rest)
            flags.append("\(flag)=\(value)")
            words.append(value)
            loose += 1
        }
        words += rest.split(whereSeparator: Self.isSpace).map { String(decoding: $0, as: UTF8.self) }
        // Quotes and escapes between marks are taken out by now.
        isCrowded = isCrowded || (flags + words).contains { $0.scalarInCrowd != nil }
    }

    /// Letter by letter, as builders do it: `İ` is an `i` to them.
    private static func small(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(16).compactMap {
                    $0.properties.lowercaseMapping.unicodeScalars.first
                }))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// Builders read flags byte by byte, and take a byte of a letter for the space that it would be alone.
    private static func endsFlag(_ byte: UInt8) -> Bool { isSpace(byte) || byte == 0x85 || byte == 0xA0 }

    /// Takes it off, with the space after it.
    private static func flag(_ rest: inout ArraySlice<UInt8>) -> String {
        var flag: [UInt8] = []
        var quote: UInt8?
        while let byte = rest.popFirst() {
            if byte == quote {
                quote = nil
            } else if byte == UInt8(ascii: "\\") {
                if let next = rest.popFirst() { flag.append(next) }
            } else if quote == nil, endsFlag(byte) {
                break
            } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else {
                flag.append(byte)
            }
        }
        rest = rest.drop(while: endsFlag)
        return String(decoding: flag, as: UTF8.self)
    }
}
