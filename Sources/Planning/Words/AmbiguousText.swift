@_spi(_Unicode) internal import Swift

extension String {
    /// The first scalar by which the text equals one of other bytes, since it is not in Unicode's normalization form C, or which makes
    /// one character of itself and a sign such as `/`; `nil` where there is none.
    ///
    /// Swift compares and splits texts by characters, git and the kernel by bytes: what is checked would not be what is used. Among
    /// texts without such a scalar both agree, also in paths that are put together of them.
    public var ambiguousScalar: Unicode.Scalar? {
        guard utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        return scalarNotComposed ?? scalarOnSign
    }

    private var scalarNotComposed: Unicode.Scalar? {
        var composed = _nfc.makeIterator()
        return unicodeScalars.first { composed.next() != $0 }
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

    /// Why a text that has it as its `ambiguousScalar` is refused, and what to write.
    public static let ambiguityHint =
        "write letters in Unicode's composed form (NFC), and no accent on a sign such as '/'"
}
