internal import Model

/// Walks a value along a schema and words what does not fit. The verdict is valijson's.
struct SchemaWalk {
    let root: JSONValue

    func findings(_ value: JSONValue) -> [SchemaFinding] { findings(value, node(root, at: ""), at: "") }

    func node(_ value: JSONValue, at pointer: String) -> SchemaNode { SchemaNode(value, at: pointer, in: root) }

    /// The schema that a keyword of a node holds.
    func child(_ path: String..., of node: SchemaNode) -> SchemaNode? {
        let pointer = path.reduce(node.pointer) { JSONPointer.child($1, of: $0) }
        var value = JSONValue.object(node.keywords)
        for part in path {
            guard let next = value[pointer: JSONPointer.child(part, of: "")] else { return nil }
            value = next
        }
        return self.node(value, at: pointer)
    }

    func children(_ keyword: String, of node: SchemaNode) -> [SchemaNode] {
        (node[keyword]?.array ?? []).enumerated().map { index, value in
            self.node(value, at: "\(node.pointer)/\(keyword)/\(index)")
        }
    }

    func findings(_ value: JSONValue, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        guard node.allowsAnything else { return [SchemaFinding(pointer: pointer, message: "is not allowed here")] }
        if let mismatch = typeMismatch(value, node, at: pointer) { return [mismatch] }
        return fixed(value, node, at: pointer) + content(value, node, at: pointer)
            + branches(value, node, at: pointer) + conditions(value, node, at: pointer)
    }

    private func content(_ value: JSONValue, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        switch value {
        case .object(let members): object(members, node, at: pointer)
        case .array(let elements): array(elements, node, at: pointer)
        case .string(let text): string(text, node, at: pointer)
        case .number(let literal): number(literal, node, at: pointer)
        case .null, .bool: []
        }
    }
}

extension SchemaWalk {
    private func typeMismatch(_ value: JSONValue, _ node: SchemaNode, at pointer: String) -> SchemaFinding? {
        guard !node.types.isEmpty, !node.types.contains(where: value.isOfType) else { return nil }
        return mismatch(value, types: node.types, node, at: pointer)
    }

    func mismatch(_ value: JSONValue, types: [String], _ node: SchemaNode, at pointer: String) -> SchemaFinding {
        SchemaFinding(
            pointer: pointer, kind: .type(types),
            message: "must be \(Wording.types(types)), is \(Wording.kind(of: value, expected: types))",
            hint: typeAdvice(value, types: types, node))
    }

    private func typeAdvice(_ value: JSONValue, types: [String], _ node: SchemaNode) -> String {
        switch value {
        case .null: return "leave it out"
        case .string(let text) where !node.isSecret:
            let unquoted = ["true", "false"].contains(text) ? JSONValue.bool(text == "true") : .number(text)
            let isNumber = Double(text) != nil && text.utf8.allSatisfy { "+-.0123456789".utf8.contains($0) }
            if unquoted.bool != nil || isNumber, types.contains(where: unquoted.isOfType) {
                return "write \(text) without quotes"
            }
        case .number, .bool:
            let text = String(decoding: value.encoded(), as: UTF8.self)
            if types == ["string"], node.form == nil, !node.isSecret { return "write \"\(text)\"" }
        default: break
        }
        return node.isSecret ? "" : node.advice
    }

    private func fixed(_ value: JSONValue, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        if let constant = node["const"], constant != value {
            let message = "must be \(Wording.shown(constant)), is \(Wording.shown(value))"
            return [SchemaFinding(pointer: pointer, message: message, hint: node["x-hint"]?.string ?? "")]
        }
        guard let allowed = node["enum"]?.array, !allowed.contains(value) else { return [] }
        let meant = value.string.flatMap { Suggestion.closest(to: $0, among: allowed.compactMap(\.string)) }
        return [
            SchemaFinding(
                pointer: pointer,
                message: "must be \(Wording.list(allowed.map(Wording.shown), "or")), is \(Wording.shown(value))",
                hint: meant.map { "did you mean '\($0)'?" } ?? "")
        ]
    }
}
