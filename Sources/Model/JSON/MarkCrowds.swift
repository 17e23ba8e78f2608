extension [UInt8] {
    /// JSON without the marks on one letter after the thirtieth (Unicode's limit, UAX 15), also where they are escapes.
    ///
    /// Swift puts marks in order in time by the square of their number, for each name of a dictionary: an image with a label
    /// named by a million of them kept whoever asked for the containers busy for hours, a roll back included. Whatever was written elsewhere is read so.
    public var withoutCrowds: [UInt8] {
        guard mayHaveCrowds else { return self }
        let text = [Unicode.Scalar](String(decoding: self, as: UTF8.self).unicodeScalars)
        var (kept, index, marks) = (String.UnicodeScalarView(), 0, MarkCount())
        while index < text.count {
            let (scalar, length) = Self.scalar(in: text, at: index)
            if !marks.isExceeded(by: scalar) { kept.append(contentsOf: text[index..<(index + length)]) }
            index += length
        }
        return Array(String(kept).utf8)
    }

    /// Hardly any answer has that many signs, and most are read with each look at the stack.
    private var mayHaveCrowds: Bool {
        count { $0 >= 0x80 } > 60 || count { $0 == UInt8(ascii: "\\") } > 30
    }

    /// What stands at `index`, and how many scalars it is written with.
    private static func scalar(in text: [Unicode.Scalar], at index: Int) -> (Unicode.Scalar, length: Int) {
        guard text[index] == "\\", index + 1 < text.count else { return (text[index], 1) }
        guard let unit = unit(in: text, at: index) else { return ("\\", 2) }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        guard unit < 0xDC00, let second = Self.unit(in: text, at: index + 6), (0xDC00..<0xE000).contains(second) else {
            return ("\u{FFFD}", 6)
        }
        return (Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}", 12)
    }

    /// Of `\u0301`.
    private static func unit(in text: [Unicode.Scalar], at index: Int) -> UInt32? {
        guard index + 6 <= text.count, text[index] == "\\", text[index + 1] == "u" else { return nil }
        return UInt32(String(String.UnicodeScalarView(text[(index + 2)..<(index + 6)])), radix: 16)
    }
}
