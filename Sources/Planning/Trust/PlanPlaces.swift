public import Model

/// The places of a plan that a rule can name.
public struct PlanPlaces: Sendable {
    private struct Key: Sendable {
        let parts: [String]
        /// Its value may have parts of any name, such as a variable of the environment.
        let isLeaf: Bool
    }

    private let keys: [Key]
    /// Of the deployed plan, in which the host has names of its own.
    private let deployed: Set<String>

    public init(deployed plan: ResolvedPlan? = nil) {
        let all = PlanKey.all().map { JSONPointer.parts(of: $0.path) }
        let holders = Set(all.flatMap { parts in parts.indices.map { Array(parts[..<$0]) } })
        keys = all.map { Key(parts: $0, isLeaf: !holders.contains($0)) }
        deployed =
            plan.map {
                ChangeSet.pointers(from: nil, to: ComparablePlan(resolved: $0, written: .object([:])))
            } ?? []
    }

    /// Whether there is a plan in which `pattern` covers something.
    public func has(_ pattern: String) -> Bool {
        let parts = JSONPointer.parts(of: pattern)
        let isKey = keys.contains { key in
            (parts.count <= key.parts.count || key.isLeaf) && zip(parts, key.parts).allSatisfy(Self.meet)
        }
        return isKey || deployed.contains { PlanPattern(pattern).covers($0) }
    }

    private static func meet(_ wanted: String, _ known: String) -> Bool {
        wanted == "*" || known == "*" || wanted == known
    }

    /// What may have been meant by a pattern that names nothing; `nil` where nothing is like it.
    public func nearest(to pattern: String) -> String? {
        let parts = JSONPointer.parts(of: pattern)
        let similar = keys.filter { $0.parts.count >= parts.count }.map { key in
            zip(parts, key.parts).map { $1 == "*" ? $0 : $1 }
        }
        return Suggestion.closest(to: pattern, among: Set(similar.map(Self.pointer)))
            ?? keys.first { $0.parts.last == parts.last }.map { Self.pointer($0.parts) }
    }

    private static func pointer(_ parts: [String]) -> String {
        parts.reduce("") { JSONPointer.child($1, of: $0) }
    }

    /// Of the places that `rule` names, those that no plan has, for people; `nil` when there is none.
    public func fault(of rule: ChangeRule) -> String? {
        let unknown = (rule.plan ?? []).filter { !has($0) }.map { pattern in
            "'\(pattern)' is no key of a plan" + (nearest(to: pattern).map { "; did you mean '\($0)'?" } ?? "")
        }
        return unknown.isEmpty ? nil : unknown.joined(separator: "; ")
    }
}
