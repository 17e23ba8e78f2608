internal import Model
internal import Planning

/// One key of the configuration that holds a value, such as `repository.url`.
struct ConfigurationKey: Hashable {
    /// From the outside in.
    let path: [String]
    private let schema: JSONValue

    /// `repository.fallbackUrls`, as `--set` takes it.
    var dotted: String { path.joined(separator: ".") }

    /// `FAIRLEAD_REPOSITORY_FALLBACK_URLS`.
    var variable: String { Self.variablePrefix + path.map(Self.upperSnake).joined(separator: "_") }

    static let variablePrefix = "FAIRLEAD_"

    /// Every key of the schema, outermost first, sorted.
    static func all(of schema: JSONValue, below path: [String] = []) -> [Self] {
        (schema["properties"]?.object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, property in
            let path = path + [name]
            if property["properties"] != nil { return all(of: property, below: path) }
            return name == "$schema" ? [] : [Self(path: path, schema: property)]
        }
    }

    /// What `text` stands for; kept as a text where it does not fit, so that the schema says what is wrong with it.
    func value(of text: String) -> JSONValue {
        switch schema["type"]?.string {
        case "boolean": ["true": .bool(true), "false": .bool(false)][text] ?? .string(text)
        case "integer": Int(text).map { .number(String($0)) } ?? .string(text)
        case "array": parsed(text) ?? .array(Self.elements(text).map(JSONValue.string))
        case "object": parsed(text) ?? .string(text)
        default: .string(text)
        }
    }

    /// A document that holds nothing but `value` at this key.
    func document(of value: JSONValue) -> JSONValue {
        path.reversed().reduce(value) { .object([$1: $0]) }
    }

    private func parsed(_ text: String) -> JSONValue? {
        guard text.first == "[" || text.first == "{" else { return nil }
        return try? JSONDocument(file: variable, bytes: Array(text.utf8), takesAnyText: true).value
    }

    private static func elements(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
    }

    private static func upperSnake(_ name: String) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase { text.append("_") }
            text += letter.uppercased()
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmingSpaces: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
