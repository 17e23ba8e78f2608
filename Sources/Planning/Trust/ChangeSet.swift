public import Model

/// What differs between two states of a customer repo.
public struct ChangeSet: Hashable, Sendable {
    /// Files that are new, gone, or other ones.
    public var paths: Set<String>
    /// Of the resolved plan of this host, each leading to a value without parts.
    public var pointers: Set<String>
    /// Why the newer state has no plan, for which all of it counts as changed.
    public var planFault: String?

    public init(paths: Set<String> = [], pointers: Set<String> = []) {
        self.paths = paths
        self.pointers = pointers
    }

    public static func paths(from old: [SourceEntry], to new: [SourceEntry]) -> Set<String> {
        let (before, after) = (contents(old), contents(new))
        let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        return Set(changed.map { String(decoding: $0, as: UTF8.self) })
    }

    /// `nil` stands for a state without a plan that can be resolved: then all of the other's differs.
    ///
    /// A rule names a place as `plan.json` does, and as `fairlead plan --resolved` prints it; there is what no plan writes, too,
    /// such as the digest of a file's content.
    public static func pointers(from old: ComparablePlan?, to new: ComparablePlan?) -> Set<String> {
        difference(leaves(old?.resolved), leaves(new?.resolved))
            .union(difference(leaves(written: old?.written), leaves(written: new?.written)))
    }

    private static func difference(_ before: [String: [UInt8]], _ after: [String: [UInt8]]) -> Set<String> {
        Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
    }

    /// By the bytes of the path: Swift takes two names for one that are two files for git.
    private static func contents(_ entries: [SourceEntry]) -> [[UInt8]: [String]] {
        Dictionary(entries.map { (Array($0.path.utf8), [$0.kind.rawValue, $0.object ?? ""]) }) { first, _ in first }
    }

    private static func leaves(_ plan: ResolvedPlan?) -> [String: [UInt8]] {
        guard var plan else { return [:] }
        // A hotfix is another image of its container, whoever wrote which of both.
        for name in plan.hotfixes.keys {
            if let image = plan.image(of: name) { plan.containers[name]?.image = image }
        }
        var found = leaves(written: JSONValue(encoding: plan))
        for (pointer, digest) in contents(of: plan) { found[pointer, default: []] += digest }
        return found
    }

    /// A rule on the source of a file is about what the file says, too.
    private static func contents(of plan: ResolvedPlan) -> [(pointer: String, digest: [UInt8])] {
        plan.containers.flatMap { name, container in
            container.files.enumerated().map { index, file in
                let pointer = JSONPointer.child(name, of: "/containers") + "/files/\(index)/source"
                return (pointer, Array(file.contentDigest.utf8))
            }
        }
    }

    private static func leaves(written value: JSONValue?) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        if let value { add(value, at: "", to: &found) }
        return found
    }

    private static func add(_ value: JSONValue, at pointer: String, to found: inout [String: [UInt8]]) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for (name, member) in members { add(member, at: JSONPointer.child(name, of: pointer), to: &found) }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() { add(element, at: "\(pointer)/\(index)", to: &found) }
        default: found[pointer] = value.encoded()
        }
    }
}
