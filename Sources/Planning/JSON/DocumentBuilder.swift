internal import CJSONSchema
internal import Model

/// Makes values and their places from the events of a complete parse. Recursion is bounded by the parser's depth limit.
struct DocumentBuilder {
    private let events: [ParserEvent]
    private let takesAnyText: Bool
    private var next = 0
    /// Names that stand twice, or are too long, and texts that could be taken for others.
    private(set) var findings: [SourceFinding] = []

    init(events: [ParserEvent], takesAnyText: Bool) {
        self.events = events
        self.takesAnyText = takesAnyText
    }

    mutating func build() -> (JSONValue, SourcePlaces) { value(at: "", name: nil) }

    private mutating func value(at pointer: String, name: Int?) -> (JSONValue, SourcePlaces) {
        guard let event = take() else { return (.null, SourcePlaces(name: name, value: 0)) }
        var places = SourcePlaces(name: name, value: event.offset)
        switch event.kind {
        case CJSON_BEGIN_OBJECT: return (.object(members(at: pointer, places: &places)), places)
        case CJSON_BEGIN_ARRAY: return (.array(elements(at: pointer, places: &places)), places)
        case CJSON_STRING:
            checkText(event, at: pointer)
            return (.string(event.text), places)
        case CJSON_NUMBER: return (.number(event.text), places)
        case CJSON_TRUE: return (.bool(true), places)
        case CJSON_FALSE: return (.bool(false), places)
        default: return (.null, places)
        }
    }

    private mutating func members(at pointer: String, places: inout SourcePlaces) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        while let key = take(), key.kind == CJSON_KEY {
            guard isKept(key) else {
                _ = value(at: pointer, name: key.offset)
                continue
            }
            let child = JSONPointer.child(key.text, of: pointer)
            let (value, place) = value(at: child, name: key.offset)
            check(key, at: child, first: places.members[key.text])
            guard places.members[key.text] == nil else { continue }
            members[key.text] = value
            places.members[key.text] = place
        }
        return members
    }

    private mutating func elements(at pointer: String, places: inout SourcePlaces) -> [JSONValue] {
        var elements: [JSONValue] = []
        while next < events.count, events[next].kind != CJSON_END_ARRAY {
            let (value, place) = value(at: "\(pointer)/\(elements.count)", name: nil)
            elements.append(value)
            places.elements.append(place)
        }
        _ = take()
        return elements
    }

    private mutating func take() -> ParserEvent? {
        guard next < events.count else { return nil }
        defer { next += 1 }
        return events[next]
    }

    private mutating func check(_ key: ParserEvent, at pointer: String, first: SourcePlaces?) {
        if first != nil {
            findings.append(
                SourceFinding(
                    offset: key.offset, pointer: pointer, message: "'\(key.text)' is given twice",
                    hint: "remove one of the two"))
        }
        checkText(key, at: pointer)
    }

    /// Swift puts the marks of a name in order whenever it looks for it in a dictionary, in time by the square of their
    /// number: a name of 150,000 of them, in the entry of any host, kept each poll busy for minutes.
    private mutating func isKept(_ key: ParserEvent) -> Bool {
        let isLong = key.text.utf8.count > JSONDocument.maximumNameLength
        guard isLong || key.text.scalarInCrowd != nil else { return true }
        let fault =
            isLong ? "is longer than \(JSONDocument.maximumNameLength) bytes" : "has too many marks on one letter"
        findings.append(SourceFinding(offset: key.offset, message: "a name \(fault)"))
        return false
    }

    /// A plan that is compared with another one, or held against a policy, must not equal what it is not.
    private mutating func checkText(_ event: ParserEvent, at pointer: String) {
        // The first ones are enough to refuse the file.
        guard !takesAnyText, findings.count < SchemaContent.mostProblems, let scalar = event.text.ambiguousScalar
        else { return }
        findings.append(
            SourceFinding(
                offset: event.offset, pointer: pointer,
                message: "'\(event.text.showing(scalar))' can be taken for another text",
                hint: Unicode.Scalar.ambiguityHint))
    }
}
