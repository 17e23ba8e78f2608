internal import Model

extension SchemaWalk {
    func object(_ members: [String: JSONValue], _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        let names = members.keys.sorted()
        let inside = names.flatMap { name in
            self.name(name, node, at: JSONPointer.child(name, of: pointer))
                + member(name, among: members, node, at: JSONPointer.child(name, of: pointer))
        }
        let meant = inside.compactMap { finding in
            if case .unknown(let meant) = finding.kind { meant } else { nil }
        }
        // A misspelt name is one mistake, not an unknown and a missing one.
        let missing = missing(from: members, node, at: pointer).filter { finding in
            if case .missing(let name) = finding.kind { !meant.contains(name) } else { true }
        }
        return missing + inside + count(members.count, "Properties", node, at: pointer)
    }

    private func name(_ name: String, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        child("propertyNames", of: node).map { findings(.string(name), $0, at: pointer) } ?? []
    }

    private func member(
        _ name: String, among members: [String: JSONValue], _ node: SchemaNode, at pointer: String
    ) -> [SchemaFinding] {
        guard let value = members[name] else { return [] }
        let nodes = schemas(forMember: name, of: node)
        if !nodes.isEmpty { return nodes.flatMap { findings(value, $0, at: pointer) } }
        guard let additional = child("additionalProperties", of: node) else { return [] }
        if additional.allowsAnything { return findings(value, additional, at: pointer) }
        return [unknown(name, among: members, node, at: pointer)]
    }

    private func schemas(forMember name: String, of node: SchemaNode) -> [SchemaNode] {
        let patterns = (node["patternProperties"]?.object ?? [:]).keys.sorted()
        return [child("properties", name, of: node)].compactMap { $0 }
            + patterns.filter { CompiledSchema.matches(name, pattern: $0) }
            .compactMap { child("patternProperties", $0, of: node) }
    }

    private func missing(
        from members: [String: JSONValue], _ node: SchemaNode, at pointer: String
    ) -> [SchemaFinding] {
        let required = node["required"]?.array?.compactMap(\.string) ?? []
        return required.filter { members[$0] == nil }.map { name in
            SchemaFinding(
                pointer: pointer, kind: .missing(name), message: "'\(name)' is missing",
                hint: addition(of: name, to: node))
        }
    }

    private func addition(of name: String, to node: SchemaNode) -> String {
        guard let member = child("properties", name, of: node) else { return "" }
        let fixed = member["const"] ?? member["enum"]?.array?.first
        if fixed == nil, let hint = member["x-hint"]?.string { return "add \"\(name)\"; \(hint)" }
        return (fixed ?? member.example).map { "add \"\(name)\": \(String(decoding: $0.encoded(), as: UTF8.self))" }
            ?? "add \"\(name)\""
    }

    private func unknown(
        _ name: String, among members: [String: JSONValue], _ node: SchemaNode, at pointer: String
    ) -> SchemaFinding {
        let known = (node["properties"]?.object ?? [:]).keys.sorted()
        let absent = known.filter { members[$0] == nil }
        let meant = Suggestion.closest(to: name, among: absent) ?? Suggestion.closest(to: name, among: known)
        let hint =
            home(of: name, among: known, node) ?? meant.map { "did you mean '\($0)'?" }
            ?? "known here: \(known.joined(separator: ", "))"
        return SchemaFinding(
            pointer: pointer, kind: .unknown(meant: meant), message: "unknown key \(Wording.quoted(name))", hint: hint)
    }

    /// For a key that stands one level too high: where it belongs.
    private func home(of name: String, among known: [String], _ node: SchemaNode) -> String? {
        known.first { child("properties", $0, of: node).flatMap { child("properties", name, of: $0) } != nil }
            .map { "it belongs in '\($0)'" }
    }
}
