internal import Model

/// The words of schema messages.
enum Wording {
    /// `a, b or c`.
    static func list(_ words: [String], _ conjunction: String) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }

    /// In 'quotes', on one line, not endless.
    static func quoted(_ text: String) -> String {
        let line = text.prefix(60).map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 }
        return "'\(String(line))\(line.count < text.count ? "…" : "")'"
    }

    static func shown(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .number(let literal): String(literal.prefix(60))
        case .bool, .null: String(decoding: value.encoded(), as: UTF8.self)
        case .array: "a list"
        case .object: "an object"
        }
    }

    static func types(_ types: [String]) -> String {
        list(types.filter { $0 != "null" || types.count == 1 }.map { words[$0] ?? $0 }, "or")
    }

    /// What a value is, where one of the `expected` types should be.
    static func kind(of value: JSONValue, expected: [String]) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number where expected.contains("integer"): shown(value)
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    private static let words = [
        "object": "an object", "array": "a list", "string": "a string", "number": "a number",
        "integer": "a whole number", "boolean": "true or false",
    ]
}

extension JSONValue {
    /// Whether the value is of a JSON Schema type, as valijson sees it: `1.0` is no integer.
    func isOfType(_ type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number(let literal): type == "number" || type == "integer" && Self.isInteger(literal)
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    private static func isInteger(_ literal: String) -> Bool { Int64(literal) != nil || UInt64(literal) != nil }
}
