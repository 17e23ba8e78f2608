internal import Model

/// Something wrong at a byte of a file.
struct SourceFinding {
    var offset: Int
    var pointer = ""
    var message: String
    var hint = ""

    static let outOfMemory = Self(offset: 0, message: "cannot be parsed: out of memory")

    /// What makes the bytes unfit for a JSON parser.
    static func unreadable(_ bytes: [UInt8]) -> Self? {
        if bytes.count > JSONDocument.maximumSize {
            return Self(offset: 0, message: "is larger than \(JSONDocument.maximumSize >> 20) MiB")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return Self(
                offset: 0, message: "begins with a byte order mark", hint: "save the file as UTF-8 without a BOM")
        }
        if [[0xFF, 0xFE], [0xFE, 0xFF], [0x00, 0x7B], [0x7B, 0x00]].contains(where: bytes.starts(with:)) {
            return Self(offset: 0, message: "is UTF-16", hint: "save the file as UTF-8")
        }
        guard bytes.contains(where: { !" \t\r\n".utf8.contains($0) }) else {
            return Self(offset: 0, message: "is empty", hint: "write a JSON object, {…}")
        }
        return illFormed(bytes)
    }

    private static func illFormed(_ bytes: [UInt8]) -> Self? {
        // The parser takes a NUL for the end of the document, and would not see what follows.
        if let offset = bytes.firstIndex(of: 0) {
            return Self(offset: offset, message: "has a NUL byte", hint: "save the file as UTF-8 text")
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return Self(
                offset: error.byteOffsets.lowerBound, message: "is not UTF-8 here", hint: "save the file as UTF-8")
        }
    }

    func problem(in source: SourceText, file: String) -> PlanProblem {
        let position = source.position(of: offset)
        return PlanProblem(
            file: file, line: position.line, column: position.column, pointer: pointer, message: message, hint: hint)
    }
}
