internal import Model

extension SchemaWalk {
    func array(_ elements: [JSONValue], _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        let inside = child("items", of: node).map { items in
            elements.enumerated().flatMap { findings($1, items, at: "\(pointer)/\($0)") }
        }
        return (inside ?? []) + repeated(elements, node, at: pointer)
            + count(elements.count, "Items", node, at: pointer)
    }

    private func repeated(_ elements: [JSONValue], _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        guard node["uniqueItems"]?.bool == true else { return [] }
        var seen: Set<JSONValue> = []
        return elements.enumerated().filter { !seen.insert($1).inserted }.map { index, element in
            SchemaFinding(
                pointer: "\(pointer)/\(index)", message: "\(Wording.shown(element)) stands twice in the list",
                hint: "remove one of the two")
        }
    }

    func string(_ text: String, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        count(text.unicodeScalars.count, "Length", node, at: pointer)
            + pattern(text, node, at: pointer)
    }

    private func pattern(_ text: String, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        guard let pattern = node["pattern"]?.string else { return [] }
        guard text.utf8.count <= CompiledSchema.longestMatchedText else {
            let message = "has \(text.utf8.count) bytes, more than the \(CompiledSchema.longestMatchedText) allowed"
            return [SchemaFinding(pointer: pointer, kind: .overlong, message: message)]
        }
        guard !CompiledSchema.matches(text, pattern: pattern) else { return [] }
        let subject = node.isSecret ? "the text" : Wording.quoted(text)
        let message = node.noun.map { "\(subject) is not \($0)" } ?? "\(subject) does not match '\(pattern)'"
        return [SchemaFinding(pointer: pointer, message: message, hint: node.advice)]
    }

    func number(_ literal: String, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        guard let value = Double(literal) else { return [] }
        let rules: [(keyword: String, words: String, holds: (Double, Double) -> Bool)] = [
            ("minimum", "at least", { $0 >= $1 }), ("maximum", "at most", { $0 <= $1 }),
            ("exclusiveMinimum", "more than", { $0 > $1 }), ("exclusiveMaximum", "less than", { $0 < $1 }),
        ]
        return rules.compactMap { rule in
            guard let limit = node[rule.keyword], let bound = limit.number, !rule.holds(value, bound) else {
                return nil
            }
            let message = "must be \(rule.words) \(Wording.shown(limit)), is \(literal.prefix(60))"
            return SchemaFinding(pointer: pointer, message: message, hint: node.advice)
        }
    }

    /// The keywords `minLength`, `maxItems` and so on.
    func count(_ count: Int, _ what: String, _ node: SchemaNode, at pointer: String) -> [SchemaFinding] {
        let unit = what == "Length" ? "characters" : "entries"
        if let least = node["min\(what)"]?.integer, count < least {
            let message = count == 0 ? "must not be empty" : "must have at least \(least) \(unit), has \(count)"
            return [SchemaFinding(pointer: pointer, message: message, hint: node.advice)]
        }
        if let most = node["max\(what)"]?.integer, count > most {
            let message = "must have at most \(most) \(unit), has \(count)"
            return [SchemaFinding(pointer: pointer, message: message)]
        }
        return []
    }
}
