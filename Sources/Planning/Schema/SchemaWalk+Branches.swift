internal import Model

extension SchemaWalk {
    func branches(_ value: JSONValue, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        children("allOf", of: node).flatMap { findings(value, $0, at: pointer) }
            + alternatives("anyOf", value, node, at: pointer) + alternatives("oneOf", value, node, at: pointer)
    }

    func conditions(_ value: JSONValue, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        var found: [SchemaFinding] = []
        if let condition = child("if", of: node) {
            let branch = findings(value, condition, at: pointer).isEmpty ? "then" : "else"
            found += child(branch, of: node).map { findings(value, $0, at: pointer) } ?? []
        }
        if let excluded = child("not", of: node), findings(value, excluded, at: pointer).isEmpty {
            found.append(SchemaFinding(pointer: pointer, message: "is not allowed here", hint: node.advice))
        }
        return found
    }

    private func alternatives(
        _ keyword: String, _ value: JSONValue, _ node: SchemaNode, at pointer: String
    ) -> [SchemaFinding] {
        let nodes = children(keyword, of: node)
        guard !nodes.isEmpty else { return [] }
        let branches = nodes.map { Branch(node: $0, findings: findings(value, $0, at: pointer)) }
        let fitting = branches.count { $0.findings.isEmpty }
        if fitting == 1 || fitting > 1 && keyword == "anyOf" { return [] }
        let required = nodes.compactMap(\.requiredOnly)
        if required.count == nodes.count {
            return [choice(among: required.flatMap { $0 }, value, node, at: pointer)]
        }
        if fitting > 1 {
            return [SchemaFinding(pointer: pointer, message: "has more than one form", hint: node.advice)]
        }
        return closest(branches, value, node, at: pointer)
    }

    /// For members of which exactly one must be there.
    private func choice(
        among names: [String], _ value: JSONValue, _ node: SchemaNode, at pointer: String
    ) -> SchemaFinding {
        let present = names.filter { value[$0] != nil }.map { "'\($0)'" }
        if present.isEmpty {
            let words = Wording.list(names.map { "'\($0)'" }, "or")
            return SchemaFinding(pointer: pointer, message: "\(words) is missing", hint: node["x-hint"]?.string ?? "")
        }
        return SchemaFinding(
            pointer: pointer, message: "\(Wording.list(present, "and")) exclude each other", hint: "keep one of them")
    }

    /// What is wrong with the form that was probably meant.
    private func closest(
        _ branches: [Branch], _ value: JSONValue, _ node: SchemaNode, at pointer: String
    ) -> [SchemaFinding] {
        let candidates = branches.filter { $0.types(at: pointer) == nil }
        guard !candidates.isEmpty else {
            let types = branches.flatMap { $0.types(at: pointer) ?? [] }
            let unique = types.enumerated().filter { types.firstIndex(of: $1) == $0 }.map(\.element)
            return [mismatch(value, types: unique, node, at: pointer)]
        }
        let best = candidates.max { $0.fit(value) < $1.fit(value) }
        if let members = value.object, candidates.count > 1, best?.knownMembers(members) == 0 {
            return [SchemaFinding(pointer: pointer, message: "is none of the forms allowed here", hint: node.advice)]
        }
        return best?.findings ?? []
    }
}

/// One of the schemas of `oneOf` or `anyOf`, with what is wrong according to it.
private struct Branch {
    let node: SchemaNode
    let findings: [SchemaFinding]

    /// The types that the branch wants, if the value as a whole is of another.
    func types(at pointer: String) -> [String]? {
        for finding in findings where finding.pointer == pointer {
            if case .type(let types) = finding.kind { return types }
        }
        return nil
    }

    func knownMembers(_ members: [String: JSONValue]) -> Int {
        (node["properties"]?.object ?? [:]).keys.count { members[$0] != nil }
    }

    /// More is better: members that belong to the form, then fewer findings.
    func fit(_ value: JSONValue) -> (Int, Int) { (knownMembers(value.object ?? [:]), -findings.count) }
}
