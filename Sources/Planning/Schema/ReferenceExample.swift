internal import Model

/// An example of a schema as people write it: its own order of keys, and short values on one line.
struct ReferenceExample {
    private static let width = 100

    /// The schema that holds the example.
    let document: JSONDocument

    func block(_ value: JSONValue, at pointer: String) -> String {
        "```json\n\(text(value, at: pointer, indent: "", room: 0))\n```"
    }

    /// `room` is what stands before the value on its line.
    private func text(_ value: JSONValue, at pointer: String, indent: String, room: Int) -> String {
        let line = line(value, at: pointer)
        let isDocument = indent.isEmpty && (value.object?.count ?? 0) > 5
        if indent.count + room + line.count <= Self.width, !isDocument { return line }
        let inner = indent + "  "
        switch value {
        case .array(let elements):
            let lines = elements.enumerated().map { index, element in
                inner + text(element, at: "\(pointer)/\(index)", indent: inner, room: 1)
            }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .object(let members):
            let lines = ordered(members, at: pointer).map { name, value in
                let child = JSONPointer.child(name, of: pointer)
                return "\(inner)\(plain(name)): " + text(value, at: child, indent: inner, room: name.count + 5)
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        default: return line
        }
    }

    private func line(_ value: JSONValue, at pointer: String) -> String {
        switch value {
        case .array(let elements):
            return "[\(elements.enumerated().map { line($1, at: "\(pointer)/\($0)") }.joined(separator: ", "))]"
        case .object(let members) where !members.isEmpty:
            let parts = ordered(members, at: pointer).map { name, value in
                "\(plain(name)): \(line(value, at: JSONPointer.child(name, of: pointer)))"
            }
            return "{ \(parts.joined(separator: ", ")) }"
        default: return String(decoding: value.encoded(), as: UTF8.self)
        }
    }

    private func ordered(_ members: [String: JSONValue], at pointer: String) -> [(String, JSONValue)] {
        let names = document.names(at: pointer)
        let order = Set(names) == Set(members.keys) ? names : members.keys.sorted()
        return order.compactMap { name in members[name].map { (name, $0) } }
    }

    private func plain(_ name: String) -> String { String(decoding: JSONValue.string(name).encoded(), as: UTF8.self) }
}
