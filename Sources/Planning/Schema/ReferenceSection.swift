internal import Model

/// One object of the reference page.
struct ReferenceSection {
    /// `containers.NAME.health`; empty for the document.
    let path: String
    let node: SchemaNode
    let rows: [ReferenceRow]
    /// As Markdown blocks.
    let examples: [String]

    var markdown: String {
        let title = node["title"]?.string ?? path
        let heading = path.isEmpty ? "# \(title)" : "## \(title): `\(path)`"
        let table = ["| Key | Value | Default | Meaning |", "|---|---|---|---|"] + rows.map(\.markdown)
        var blocks = [heading, node["description"]?.string ?? "", table.joined(separator: "\n")]
        if path.isEmpty { blocks.insert(Self.origin, at: 1) }
        if !examples.isEmpty {
            blocks += [examples.count == 1 ? "Example:" : "Examples:"] + examples
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private static let origin = "<!-- Generated from the JSON Schema; do not edit. -->"
}

/// One key of an object.
struct ReferenceRow {
    let name: String
    let value: String
    let isRequired: Bool
    let node: SchemaNode

    var markdown: String {
        let cells = ["`\(name)`", value, isRequired ? "**required**" : preset, meaning + reach]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    private var preset: String {
        guard let preset = node["default"].map(Self.code) else { return "" }
        return node["x-trusted"].map { "\(preset); `trusted`: \(Self.code($0))" } ?? preset
    }

    /// What a plan that has the key can do to a host is for the host's policy to say, except where it is as good as nothing.
    private var reach: String {
        guard let word = node["x-reach"]?.string, word != Reach.container.rawValue else { return "" }
        return " Reach: `\(word)`."
    }

    private static func code(_ value: JSONValue) -> String { "`\(String(decoding: value.encoded(), as: UTF8.self))`" }

    private var meaning: String {
        let description = node["description"]?.string ?? ""
        guard node["enum"] == nil, node["const"] == nil, node["default"] == nil, let example = node.example,
            example.object == nil
        else { return description }
        return "\(description) Example: `\(String(decoding: example.encoded(), as: UTF8.self))`"
    }
}
