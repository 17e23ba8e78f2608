internal import Model

/// A key that a plan can have, and how far it reaches.
public struct PlanKey: Hashable, Sendable {
    /// As a pointer into the plan, such as `/containers/*/image/archive`; `*` is any name, or any place in a list.
    public let path: String
    /// `nil` where the schema has no word of it, which is as bad as `root`.
    public let reach: Reach?

    /// Every key that the schema describes, sorted by path. One that only holds others counts where it has a reach itself.
    ///
    /// What `sizes` and host entries hold are patches of the plan; they are judged as the plan that comes of them.
    public static func all(of schema: JSONSchema = .plan) -> [PlanKey] {
        guard let root = schema.document?.value else { return [] }
        var walk = PlanKeyWalk(walk: SchemaWalk(root: root))
        walk.visit(walk.walk.node(root, at: ""), path: "")
        return walk.keys.sorted { $0.path < $1.path }
    }
}

private struct PlanKeyWalk {
    let walk: SchemaWalk
    private(set) var keys: Set<PlanKey> = []

    init(walk: SchemaWalk) { self.walk = walk }

    /// Returns whether there are keys in `node`.
    @discardableResult
    mutating func visit(_ node: SchemaNode, path: String) -> Bool {
        guard node.pointer != SchemaNode.patch else { return false }
        var hasKeys = false
        for name in (node["properties"]?.object ?? [:]).keys {
            guard let member = walk.child("properties", name, of: node) else { continue }
            add(member, path: "\(path)/\(name)")
            hasKeys = true
        }
        for form in walk.children("oneOf", of: node) where visit(form, path: path) { hasKeys = true }
        for keyword in ["additionalProperties", "items"] {
            guard let entry = walk.child(keyword, of: node) else { continue }
            if visit(entry, path: "\(path)/*") { hasKeys = true }
        }
        return hasKeys
    }

    private mutating func add(_ member: SchemaNode, path: String) {
        let holdsKeys = visit(member, path: path)
        let word = member["x-reach"]?.string
        guard word != nil || !holdsKeys else { return }
        keys.insert(PlanKey(path: path, reach: word.flatMap(Reach.init)))
    }
}
