internal import Model

/// Finds the objects that a schema describes, each once, at the first path that leads to it.
struct ReferenceOutline {
    private let document: JSONDocument
    private let walk: SchemaWalk
    private var seen: Set<String> = []
    private var found: [ReferenceSection] = []

    init(document: JSONDocument) {
        self.document = document
        walk = SchemaWalk(root: document.value)
    }

    mutating func sections() -> [ReferenceSection] {
        visit(walk.node(document.value, at: ""), path: "")
        return found
    }

    private mutating func visit(_ node: SchemaNode, path: String) {
        let members = members(of: node)
        if !members.isEmpty, seen.insert(node.pointer).inserted {
            let rows = members.map { row($0.name, $0.node, of: node) }
            found.append(ReferenceSection(path: path, node: node, rows: rows, examples: examples(of: node)))
        }
        for member in members { visit(member.node, path: path.isEmpty ? member.name : "\(path).\(member.name)") }
        if let entry = entry(of: node), !seen.contains(entry.pointer) { visit(entry, path: "\(path).NAME") }
        if let element = walk.child("items", of: node) { visit(element, path: "\(path)[]") }
        for form in walk.children("oneOf", of: node) + walk.children("anyOf", of: node) { visit(form, path: path) }
    }

    private func examples(of node: SchemaNode) -> [String] {
        (node["examples"]?.array ?? []).enumerated().map { index, example in
            ReferenceExample(document: document).block(example, at: "\(node.pointer)/examples/\(index)")
        }
    }

    private func members(of node: SchemaNode) -> [(name: String, node: SchemaNode)] {
        document.names(at: node.pointer + "/properties").compactMap { name in
            walk.child("properties", name, of: node).map { (name, $0) }
        }
    }

    /// The schema of the members of an object that is a map.
    private func entry(of node: SchemaNode) -> SchemaNode? {
        guard let entry = walk.child("additionalProperties", of: node), entry.allowsAnything else { return nil }
        return entry.keywords.isEmpty ? nil : entry
    }

    private func row(_ name: String, _ member: SchemaNode, of node: SchemaNode) -> ReferenceRow {
        let required = node["required"]?.array?.contains(.string(name)) ?? false
        return ReferenceRow(name: name, value: value(of: member), isRequired: required, node: member)
    }

    /// What may be written, in a few words.
    private func value(of node: SchemaNode) -> String {
        if let constant = node["const"] { return Self.code(constant) }
        if let allowed = node["enum"]?.array { return Wording.list(allowed.map(Self.code), "or") }
        let forms = walk.children("oneOf", of: node) + walk.children("anyOf", of: node)
        if node.types.isEmpty, !forms.isEmpty {
            return Wording.list(forms.map { $0["title"]?.string?.lowercased() ?? value(of: $0) }, "or")
        }
        if let element = walk.child("items", of: node) { return "list of " + plural(of: element) }
        if let entry = entry(of: node) { return "map of " + plural(of: entry) }
        if node.types == ["string"], let noun = node.noun { return noun }
        return Wording.types(node.types) + range(of: node)
    }

    private func plural(of node: SchemaNode) -> String {
        switch node.types {
        case ["object"], ["object", "null"]: "objects"
        case ["array"]: "lists"
        case ["integer"], ["number"]: "numbers"
        default: "strings"
        }
    }

    private func range(of node: SchemaNode) -> String {
        let least = node["minimum"].map { Wording.shown($0) }
        switch (least, node["maximum"].map { Wording.shown($0) }) {
        case (let least?, let most?): return " from \(least) to \(most)"
        case (let least?, nil): return " from \(least)"
        case (nil, let most?):
            let above = node["exclusiveMinimum"].map { "above \(Wording.shown($0)), " } ?? ""
            return ", \(above)at most \(most)"
        default: return ""
        }
    }

    private static func code(_ value: JSONValue) -> String { "`\(String(decoding: value.encoded(), as: UTF8.self))`" }
}
