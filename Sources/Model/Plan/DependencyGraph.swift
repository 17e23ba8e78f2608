/// Which container waits for which; the order of starting, and reversed of stopping.
///
/// Names that `dependsOn` mentions but that have no node of their own are ignored.
public struct DependencyGraph: Hashable, Sendable {
    private let needs: [String: [String]]
    private let neededBy: [String: [String]]

    public init(_ dependsOn: [String: [String]]) {
        needs = dependsOn.mapValues { names in Set(names).filter { dependsOn[$0] != nil }.sorted() }
        var reversed: [String: [String]] = [:]
        for (name, dependencies) in needs.sorted(by: { $0.key < $1.key }) {
            for dependency in dependencies { reversed[dependency, default: []].append(name) }
        }
        neededBy = reversed
    }

    public init(_ plan: ResolvedPlan) { self.init(plan.containers.mapValues(\.dependsOn)) }

    /// Sorted.
    public var names: [String] { needs.keys.sorted() }
    /// The containers that `name` itself waits for, sorted.
    public func dependencies(of name: String) -> [String] { needs[name] ?? [] }
    /// The containers that wait for `name` itself, sorted.
    public func dependents(of name: String) -> [String] { neededBy[name] ?? [] }

    /// What can be started together: each wave needs only what is in the waves before it.
    ///
    /// Containers of a cycle, and what waits for them, are in no wave.
    public var waves: [[String]] {
        var waves: [[String]] = []
        var placed: Set<String> = []
        while case let next = ready(after: placed), !next.isEmpty {
            waves.append(next)
            placed.formUnion(next)
        }
        return waves
    }

    /// The containers outside `done` whose dependencies are all in it, sorted.
    public func ready(after done: Set<String>) -> [String] {
        needs.filter { !done.contains($0.key) && done.isSuperset(of: $0.value) }.map(\.key).sorted()
    }

    /// Dependencies first; equal input gives equal order. Without the containers of a cycle.
    public var topologicalOrder: [String] { waves.flatMap(\.self) }

    /// One cycle, first name repeated at the end: `a, b, a`; `nil` when there is none.
    public func cycle() -> [String]? {
        let stuck = Set(names).subtracting(topologicalOrder)
        guard var name = stuck.min() else { return nil }
        var path: [String] = []
        while !path.contains(name) {
            path.append(name)
            // Everything stuck waits for something stuck, so the walk ends only in a cycle.
            guard let next = dependencies(of: name).first(where: stuck.contains) else { return nil }
            name = next
        }
        let loop = path.drop { $0 != name }
        return Self.fromSmallest(Array(loop))
    }

    private static func fromSmallest(_ loop: [String]) -> [String] {
        guard let smallest = loop.min(), let start = loop.firstIndex(of: smallest) else { return [] }
        return loop[start...] + loop[..<start] + [smallest]
    }
}
