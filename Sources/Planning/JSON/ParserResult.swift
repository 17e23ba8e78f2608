internal import CJSONSchema

/// Owns what the C++ parser returns.
struct ParserResult: ~Copyable {
    private let result: OpaquePointer

    /// `nil` when memory runs out.
    init?(parsing bytes: [UInt8], maximumDepth: Int, maximumValues: Int) {
        guard let result = cjson_parse(bytes, bytes.count, maximumDepth, maximumValues) else { return nil }
        self.result = result
    }

    deinit { cjson_result_free(result) }

    var events: [ParserEvent] {
        var count = 0
        guard let first = cjson_events(result, &count), let texts = cjson_texts(result) else { return [] }
        return UnsafeBufferPointer(start: first, count: count).map { event in
            let text = UnsafeRawBufferPointer(start: texts + event.text, count: event.length)
            return ParserEvent(kind: event.kind, offset: event.offset, text: String(decoding: text, as: UTF8.self))
        }
    }

    /// Why parsing ended early.
    var failure: ParserFailure? {
        let failure = cjson_get_failure(result)
        guard failure.kind != CJSON_NO_FAILURE else { return nil }
        return ParserFailure(
            kind: failure.kind, offset: failure.offset, previousEnd: failure.previous_end,
            words: String(cString: failure.message))
    }
}

/// One token of a document.
struct ParserEvent {
    let kind: cjson_kind
    /// Of its first byte.
    let offset: Int
    /// Of a key, a string (unescaped) or a number (as written).
    let text: String
}

struct ParserFailure {
    let kind: cjson_failure_kind
    /// Of the last byte that was read.
    let offset: Int
    /// Just behind the last complete token.
    let previousEnd: Int
    /// The parser's own words. They may quote the document, a secret included: never shown.
    let words: String
}
