internal import CJSONSchema

/// Says in a person's words why a document is no JSON. Never quotes it, since a secret may stand there.
struct SyntaxDiagnosis {
    let bytes: [UInt8]
    let events: [ParserEvent]
    let failure: ParserFailure
    /// The brackets that are open where parsing ended, outermost first.
    private let open: [ParserEvent]

    init(bytes: [UInt8], events: [ParserEvent], failure: ParserFailure) {
        self.bytes = bytes
        self.events = events
        self.failure = failure
        open = events.reduce(into: []) { open, event in
            switch event.kind {
            case CJSON_BEGIN_OBJECT, CJSON_BEGIN_ARRAY: open.append(event)
            case CJSON_END_OBJECT, CJSON_END_ARRAY: open.removeLast()
            default: break
            }
        }
    }

    var finding: SourceFinding {
        switch failure.kind {
        case CJSON_TOO_DEEP: at(failure.offset, "is nested deeper than \(JSONDocument.maximumDepth) levels")
        case CJSON_TOO_MANY: at(failure.offset, "has more than \(JSONDocument.maximumValues) values")
        case CJSON_SYNTAX: syntax
        default: .outOfMemory
        }
    }

    private var syntax: SourceFinding {
        end ?? text ?? comment ?? number ?? missingComma ?? missingColon ?? surplus ?? bracket ?? comma ?? word
            ?? at(start, "'\(symbol)' cannot stand here")
    }

    func at(_ offset: Int, _ message: String, _ hint: String = "") -> SourceFinding {
        SourceFinding(offset: offset, message: message, hint: hint)
    }

    /// Of the token that does not fit; behind the last byte if the document ends too early.
    var start: Int {
        if failure.words.contains("unexpected end of input") { return bytes.count }
        let between = bytes[failure.previousEnd...].prefix { " \t\r\n,:".utf8.contains($0) }
        return min(between.endIndex, failure.offset)
    }

    private var byte: UInt8 { start < bytes.count ? bytes[start] : 0 }

    private var symbol: String {
        (0x21..<0x7F).contains(byte) ? String(UnicodeScalar(byte)) : "U+" + hexadecimal(UInt32(byte))
    }

    private func isByte(in characters: String) -> Bool { start < bytes.count && characters.utf8.contains(byte) }

    /// The last byte before the token that is no white space.
    private var before: UInt8? { bytes[..<start].last { !" \t\r\n".utf8.contains($0) } }

    /// Whether a value is complete, so that only `,` or a closing bracket may follow.
    private var isBehindValue: Bool {
        guard let kind = events.last?.kind else { return false }
        let opens = [CJSON_KEY, CJSON_BEGIN_OBJECT, CJSON_BEGIN_ARRAY].contains(kind)
        return !opens && !bytes[failure.previousEnd..<start].contains(UInt8(ascii: ","))
    }

    private var expectsName: Bool { open.last?.kind == CJSON_BEGIN_OBJECT && before != UInt8(ascii: ":") }

    private func line(of event: ParserEvent) -> Int { bytes[..<event.offset].count { $0 == UInt8(ascii: "\n") } + 1 }
}

extension SyntaxDiagnosis {
    private var end: SourceFinding? {
        guard start == bytes.count, let open = open.last else { return nil }
        let (opening, closing) = open.kind == CJSON_BEGIN_OBJECT ? ("{", "}") : ("[", "]")
        return at(
            start, "the file ends before the '\(opening)' of line \(line(of: open)) is closed", "add '\(closing)'")
    }

    private var comment: SourceFinding? {
        isByte(in: "/#") ? at(start, "JSON has no comments", "remove the comment") : nil
    }

    private var number: SourceFinding? {
        if failure.words.contains("number overflow") { return at(start, "a number is too large") }
        if let last = events.last, last.kind == CJSON_NUMBER {
            if start == failure.previousEnd, isLetter { return unquotedText(at: last.offset) }
            // The recorder takes all of '012' or '1.2.3' as one number, of which the parser read only a part.
            if last.text.wholeMatch(of: /-?0[0-9]+/) != nil {
                return at(last.offset, "a number begins with 0", "remove the 0")
            }
            let isNumber = last.text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
            if !isNumber { return malformedNumber(at: last.offset) }
        }
        return isByte(in: "+-.0123456789") && !expectsName && !isBehindValue ? malformedNumber(at: start) : nil
    }

    private func malformedNumber(at offset: Int) -> SourceFinding {
        at(offset, "a number is malformed", "write for example 10, -1, 0.5 or 1e3; a text stands in double quotes")
    }

    private var missingComma: SourceFinding? {
        guard isBehindValue, !open.isEmpty, !isByte(in: "}],:") else { return nil }
        return at(failure.previousEnd, "a ',' is missing", "add ',' between the two entries")
    }

    private var missingColon: SourceFinding? {
        guard events.last?.kind == CJSON_KEY, !bytes[failure.previousEnd..<start].contains(UInt8(ascii: ":")) else {
            return nil
        }
        return at(failure.previousEnd, "a ':' is missing behind the name", "write \"name\": value")
    }

    private var surplus: SourceFinding? {
        guard open.isEmpty, !events.isEmpty else { return nil }
        return at(start, "the document has ended before", "remove what follows its last bracket")
    }

    private var bracket: SourceFinding? {
        guard isByte(in: "}]") else { return nil }
        switch before {
        case UInt8(ascii: ","):
            let comma = bytes[..<start].lastIndex(of: UInt8(ascii: ",")) ?? start
            return at(comma, "a ',' follows the last entry", "remove the ','")
        case UInt8(ascii: ":"): return at(start, "a value is missing behind ':'")
        default: break
        }
        guard let open = open.last else { return nil }
        let (opening, closing) = open.kind == CJSON_BEGIN_OBJECT ? ("{", "}") : ("[", "]")
        return at(
            start, "'\(symbol)' cannot close the '\(opening)' of line \(line(of: open))", "write '\(closing)'")
    }

    private var comma: SourceFinding? {
        guard isByte(in: ",") else { return nil }
        if before == UInt8(ascii: ":") { return at(start, "a value is missing behind ':'") }
        return at(start, "a ',' stands where an entry is expected", "remove the ','")
    }

    private var word: SourceFinding? {
        let quoted = isByte(in: "'`") || bytes[start...].starts(with: "“".utf8)
        guard quoted || isLetter || expectsName else { return nil }
        if expectsName { return at(start, "a name must stand in double quotes", "write \"name\": value") }
        let letters = bytes[start...].prefix(10).prefix { UnicodeScalar($0).properties.isAlphabetic }
        guard let meant = Self.words[String(decoding: letters, as: UTF8.self).lowercased()] else {
            return unquotedText(at: start)
        }
        return at(start, "this word is not JSON", "write \(meant)")
    }

    private var isLetter: Bool { isByte(in: "_$") || UnicodeScalar(byte).properties.isAlphabetic || byte >= 0x80 }

    private func unquotedText(at offset: Int) -> SourceFinding {
        at(offset, "a text must stand in double quotes", "write \"text\"")
    }

    private static let words = [
        "true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false", "null": "null",
        "none": "null", "nil": "null", "undefined": "null", "nan": "a number", "infinity": "a number",
    ]
}
