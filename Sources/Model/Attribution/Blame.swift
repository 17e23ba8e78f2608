/// Finds the commit that brought each property which the newest of some commits has, as `git blame` does for lines.
///
/// Properties are numbered. Of each commit it is known which of them it lacks; a commit of which nothing is known, such
/// as one whose plan is no JSON, is looked through to its parents.
public struct Blame: Sendable {
    public struct Node: Sendable {
        public let commit: CommitID
        public let parents: [CommitID]

        public init(commit: CommitID, parents: [CommitID]) {
            self.commit = commit
            self.parents = parents
        }
    }

    public enum Origin: Hashable, Sendable {
        case commit(CommitID)
        /// A commit before this one, the oldest that was looked at.
        case earlier(CommitID)
        /// None: the property was there all the time.
        case none
    }

    /// Newest first, children before parents; the first has every property.
    private let nodes: [Node]
    /// The parents that are known, in place of those that are not.
    private let parents: [CommitID: [CommitID]]
    private let lacking: [CommitID: Set<Int>]
    private let ages: [CommitID: Int]
    private let isCutShort: Bool

    /// - Parameters:
    ///   - lacking: the properties that a commit lacks; also of parents that are no node. Absent: unknown.
    ///   - isCutShort: there are older commits, which are no nodes.
    public init(_ nodes: [Node], lacking: [CommitID: Set<Int>], isCutShort: Bool) {
        self.nodes = nodes
        self.lacking = lacking
        self.isCutShort = isCutShort
        ages = Dictionary(nodes.enumerated().map { ($1.commit, $0) }) { first, _ in first }
        var parents: [CommitID: [CommitID]] = [:]
        for node in nodes.reversed() {
            parents[node.commit] = node.parents.flatMap { lacking[$0] == nil ? parents[$0] ?? [] : [$0] }
        }
        self.parents = parents
    }

    /// The newest commit that brought `property`.
    ///
    /// A merge is named only when none of its parents has the property, or when it took over what is older than all of
    /// the commits.
    public func origin(of property: Int) -> Origin {
        var origins: [CommitID: CommitID] = [:]
        for node in nodes.reversed() where has(node.commit, property) {
            origins[node.commit] = origin(of: property, in: node, origins)
        }
        if let first = nodes.first, let origin = origins[first.commit] { return .commit(origin) }
        guard isCutShort, let oldest = nodes.last else { return .none }
        return .earlier(oldest.commit)
    }

    private func has(_ commit: CommitID, _ property: Int) -> Bool {
        lacking[commit].map { !$0.contains(property) } ?? false
    }

    private func origin(of property: Int, in node: Node, _ origins: [CommitID: CommitID]) -> CommitID? {
        let parents = parents[node.commit] ?? []
        let sources = parents.filter { has($0, property) }
        guard !sources.isEmpty else { return node.commit }
        let newest = sources.compactMap { origins[$0] }.min { ages[$0, default: .max] < ages[$1, default: .max] }
        return newest ?? (sources.count < parents.count ? node.commit : nil)
    }
}
