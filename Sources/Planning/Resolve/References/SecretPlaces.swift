internal import Model

/// Where a plan may refer to secrets: at the keys whose schema says so (`x-secret`), and nowhere else.
struct SecretPlaces: Sendable {
    private var isOne = false
    /// By name; `nil` is any other name, or any place in a list.
    private var members: [String?: Self] = [:]

    static let plan = Self(of: .plan)

    init(of schema: JSONSchema) {
        self.init()
        guard let root = schema.document?.value else { return }
        let walk = SchemaWalk(root: root)
        add(walk.node(root, at: ""), of: walk)
    }

    private init() {}

    /// `path`: from the plan to a value in it, without wildcards.
    func contain(_ path: [String]) -> Bool {
        var place = self
        for name in path {
            guard let next = place.members[name] ?? place.members[nil] else { return false }
            place = next
        }
        return place.isOne
    }

    private mutating func add(_ node: SchemaNode, of walk: SchemaWalk) {
        // A patch becomes a plan before its references are replaced; and a patch may hold another one.
        guard node.pointer != SchemaNode.patch else { return }
        isOne = isOne || node.mayHoldSecrets
        for name in (node["properties"]?.object ?? [:]).keys {
            guard let member = walk.child("properties", name, of: node) else { continue }
            members[name, default: Self()].add(member, of: walk)
        }
        for form in walk.children("oneOf", of: node) { add(form, of: walk) }
        for keyword in ["additionalProperties", "items"] {
            guard let member = walk.child(keyword, of: node) else { continue }
            members[nil, default: Self()].add(member, of: walk)
        }
    }
}
