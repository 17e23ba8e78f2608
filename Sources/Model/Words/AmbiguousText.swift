@_spi(_Unicode) internal import Swift

extension String {
    /// A scalar by which the text equals one of other bytes, since it is not in Unicode's normalization form C, or which makes one
    /// character of itself and a sign such as `/`; `nil` where there is none.
    ///
    /// Swift compares and splits texts by characters, git and the kernel by bytes: what is checked would not be what is used. Among
    /// texts without such a scalar both agree, also in paths that are put together of them.
    public var ambiguousScalar: Unicode.Scalar? {
        guard utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        return scalarInCrowd ?? scalarNotComposed ?? scalarOnSign
    }

    /// With `scalar` written out, for people.
    public func showing(_ scalar: Unicode.Scalar) -> String {
        guard let first = unicodeScalars.firstIndex(of: scalar) else { return ForeignText(self, limit: 60).description }
        let before = ForeignText(String(String.UnicodeScalarView(unicodeScalars[..<first].suffix(30))), limit: 30)
        let rest = unicodeScalars[unicodeScalars.index(after: first)...]
        let after = ForeignText(String(String.UnicodeScalarView(rest.prefix(31))), limit: 30)
        return "\(before)<\(scalar.codePoint)>\(after)"
    }

    /// The first one that is too many; `nil` where there is none.
    public var scalarInCrowd: Unicode.Scalar? {
        var marks = MarkCount()
        return unicodeScalars.first { marks.isExceeded(by: $0) }
    }

    /// Of `e` and an accent, the accent.
    private var scalarNotComposed: Unicode.Scalar? {
        var composed = _nfc.makeIterator()
        guard let first = unicodeScalars.firstIndex(where: { composed.next() != $0 }) else { return nil }
        return unicodeScalars[first...].first { !$0.isASCII }
    }

    /// With a slash on both sides, as it stands in a path.
    private var scalarOnSign: Unicode.Scalar? {
        "/\(self)/".lazy.filter { $0 != "\r\n" && $0.unicodeScalars.count > 1 }
            .first { character in character.unicodeScalars.contains { $0.isASCII && !Character($0).isASCIIWord } }?
            .unicodeScalars.first { !$0.isASCII }
    }
}

extension Character {
    fileprivate var isASCIIWord: Bool { isASCII && (isLetter || isNumber) }
}

extension Unicode.Scalar {
    /// `U+0338`.
    public var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// What to write in place of a text that has it as its `ambiguousScalar`.
    public static let ambiguityHint =
        "write it in Unicode's normalization form C (NFC), and put no mark on a sign such as '/' or '#'"
}
