internal import Model

/// One node of a JSON Schema, with the texts that messages and the reference page take from it.
struct SchemaNode {
    /// Where the node itself stands in the schema, for the order of its members.
    let pointer: String
    /// The keywords; those of the target of a `$ref`, under the annotations beside it. Empty for `true` and `false`.
    let keywords: [String: JSONValue]
    /// `false` for the schema `false`, which allows nothing.
    let allowsAnything: Bool

    init(_ value: JSONValue, at pointer: String, in root: JSONValue) {
        var (keywords, target) = (value.object ?? [:], pointer)
        // A cycle of references ends after some steps instead of never.
        for _ in 0..<8 {
            guard let reference = keywords["$ref"]?.string, reference.hasPrefix("#") else { break }
            target = String(reference.dropFirst())
            keywords["$ref"] = nil
            keywords.merge(root[pointer: target]?.object ?? [:]) { beside, _ in beside }
        }
        self.keywords = keywords
        self.pointer = target
        allowsAnything = value.bool ?? true
    }

    subscript(keyword: String) -> JSONValue? { keywords[keyword] }

    /// The JSON types that are allowed; none named allows all.
    var types: [String] { self["type"]?.string.map { [$0] } ?? self["type"]?.array?.compactMap(\.string) ?? [] }

    /// What a good value looks like: `a duration such as '30s'`.
    var form: String? { self["x-form"]?.string }

    /// The form without its example: `a duration`.
    var noun: String? {
        form.map { form in form.firstRange(of: " such as ").map { String(form[..<$0.lowerBound]) } ?? form }
    }

    var example: JSONValue? { self["examples"]?.array?.first ?? self["default"] }

    /// What to write instead; empty if the schema has no advice.
    var advice: String {
        if let hint = self["x-hint"]?.string { return hint }
        if let form { return "write \(form)" }
        return example.map { "write for example \(String(decoding: $0.encoded(), as: UTF8.self))" } ?? ""
    }

    /// Whether values are secret, so that no message may show them.
    var isSecret: Bool { self["writeOnly"]?.bool ?? false }

    /// Whether values may refer to secrets.
    var mayHoldSecrets: Bool { self["x-secret"]?.bool ?? false }

    /// Where the schema of a plan describes patches of plans.
    static let patch = "/definitions/patch"

    /// The names of the members that every value must have, where the node asks for nothing else.
    var requiredOnly: [String]? { keywords.count == 1 ? self["required"]?.array?.compactMap(\.string) : nil }
}
