extension SyntaxDiagnosis {
    /// What is wrong inside a quoted text.
    var text: SourceFinding? {
        let words = failure.words
        // Ill-formed bytes outside a text are found by the check of the whole file.
        guard words.contains("invalid string") else { return nil }
        if words.contains("missing closing quote") || words.contains("U+000A (LF)") || words.contains("U+000D (CR)") {
            return at(start, "a text is not closed on its line", "add '\"' where it ends; a line break is written \\n")
        }
        if words.contains("control character") { return controlCharacter }
        if words.contains("surrogate") {
            return at(failure.offset, "half of a surrogate pair stands in a text", "write the character itself")
        }
        if words.contains("followed by 4 hex digits") {
            return at(failure.offset, "'\\u' stands without four hexadecimal digits", "write for example \\u00e9")
        }
        return at(failure.offset, "an unknown escape stands in a text", "write \\\\ for a backslash")
    }

    private var controlCharacter: SourceFinding {
        let code = UInt32(bytes[min(failure.offset, bytes.count - 1)])
        let digits = hexadecimal(code)
        return at(
            failure.offset, "the control character U+\(digits) stands in a text",
            "write \(code == 9 ? "\\t" : "\\u\(digits)")")
    }

    func hexadecimal(_ code: UInt32) -> String {
        let digits = String(code, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
