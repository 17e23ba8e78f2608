internal import CJSONSchema
internal import Model

/// Owns a schema that valijson has compiled. It is only read after that, so threads share it.
final class CompiledSchema: Sendable {
    /// In bytes: a longer text is never matched against a pattern, see `cut_long_texts`.
    static let longestMatchedText = 1024

    private let handle: SchemaHandle

    init(_ bytes: [UInt8]) throws(UnusableSchema) { handle = try SchemaHandle(bytes) }

    func accepts(_ value: JSONValue) -> Bool { handle.validate(value.encoded(), explain: false).isValid }

    /// valijson's own errors: pointers and raw words.
    func rawErrors(of value: JSONValue) -> [(pointer: String, words: String)] {
        handle.validate(value.encoded(), explain: true).errors
    }

    /// Whether the ECMAScript pattern is found in the text, by the engine that valijson uses.
    static func matches(_ text: String, pattern: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cjson_matches(pattern, $0.baseAddress, $0.count) }
        }
    }
}

/// A schema that is no JSON or no schema: a programming error, since schemas are shipped.
struct UnusableSchema: Actionable {
    let reason: String

    var message: String { "the json schema is unusable: \(reason)" }
    var hint: String { "" }
    var disposition: Disposition { .permanent }
}

private struct SchemaHandle: ~Copyable, @unchecked Sendable {
    private let schema: OpaquePointer

    init(_ bytes: [UInt8]) throws(UnusableSchema) {
        var result: OpaquePointer?
        let schema = cjson_schema_compile(bytes, bytes.count, &result)
        defer { cjson_result_free(result) }
        guard let schema else {
            throw UnusableSchema(
                reason: result.map { String(cString: cjson_get_failure($0).message) } ?? "out of memory")
        }
        self.schema = schema
    }

    deinit { cjson_schema_free(schema) }

    borrowing func validate(_ bytes: [UInt8], explain: Bool) -> ValidationResult {
        ValidationResult(cjson_validate(schema, bytes, bytes.count, explain))
    }
}

private struct ValidationResult: ~Copyable {
    private let result: OpaquePointer?

    init(_ result: OpaquePointer?) { self.result = result }

    deinit { cjson_result_free(result) }

    /// Without memory for a verdict nothing is valid.
    var isValid: Bool { result.map { cjson_is_valid($0) } ?? false }

    var errors: [(pointer: String, words: String)] {
        guard let result else { return [] }
        return (0..<cjson_error_count(result)).compactMap { index in
            var pointer: UnsafePointer<CChar>?
            var words: UnsafePointer<CChar>?
            cjson_get_error(result, index, &pointer, &words)
            guard let pointer, let words else { return nil }
            return (String(cString: pointer), String(cString: words))
        }
    }
}
