import Testing

@testable import Model
@testable import Planning

@Suite("A plan of the wrong shape never passes, and never crashes")
struct WrongTypeTests {
    @Test(
        "a value of a wrong type anywhere is an error at its place", arguments: ["[[]]", "null"])
    func wrongTypes(_ wrong: String) throws {
        let plan = try JSONDocument(file: "plan.json", bytes: Array(PlanResolverTests.plan.utf8)).value
        let replacement = try JSONDocument(file: "value", bytes: Array(wrong.utf8)).value
        let pointers = Self.pointers(plan, at: "").filter { !Self.isUnused($0) }
        #expect(pointers.count > 50)
        for pointer in pointers {
            var tree = PlanResolverTests.tree
            let broken = Self.replacing(JSONPointer.parts(of: pointer)[...], in: plan, with: replacement)
            tree.files["plan.json"] = String(decoding: broken.encoded(), as: UTF8.self)
            let error = #expect(throws: PlanProblems.self, "\(pointer)") { try tree.resolved() }
            let places = error?.problems.filter { $0.severity == .error }.map(\.pointer) ?? []
            #expect(places.contains { $0.hasPrefix(pointer) || pointer.hasPrefix($0) }, "\(pointer): \(places)")
        }
    }

    /// In the patch of a size that the host has not chosen everything is in order until it is chosen.
    private static func isUnused(_ pointer: String) -> Bool { pointer.hasPrefix("/sizes/small/containers") }

    static func pointers(_ value: JSONValue, at pointer: String) -> [String] {
        let below: [String] =
            switch value {
            case .object(let members):
                members.sorted { $0.key < $1.key }
                    .flatMap { pointers($0.value, at: JSONPointer.child($0.key, of: pointer)) }
            case .array(let elements): elements.enumerated().flatMap { pointers($1, at: "\(pointer)/\($0)") }
            default: []
            }
        return (pointer.isEmpty ? [] : [pointer]) + below
    }

    /// Without a new value the old one is removed.
    static func replacing(_ parts: ArraySlice<String>, in value: JSONValue, with new: JSONValue?) -> JSONValue {
        guard let part = parts.first else { return new ?? .null }
        let rest = parts.dropFirst()
        switch value {
        case .object(var members):
            members[part] = rest.isEmpty ? new : members[part].map { replacing(rest, in: $0, with: new) }
            return .object(members)
        case .array(var elements):
            guard let index = Int(part) else { return value }
            if rest.isEmpty, new == nil {
                elements.remove(at: index)
            } else {
                elements[index] = replacing(rest, in: elements[index], with: new)
            }
            return .array(elements)
        default: return value
        }
    }
}
