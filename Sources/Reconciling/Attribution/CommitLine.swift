internal import Model

/// The commits between two states, newest first, as far back as is looked.
struct CommitLine {
    let commits: [Commit]
    let isCutShort: Bool
    private let byID: [CommitID: Commit]

    init(_ commits: [Commit], isCutShort: Bool) {
        self.commits = commits
        self.isCutShort = isCutShort
        byID = Dictionary(commits.map { ($0.id, $0) }) { first, _ in first }
    }

    /// With the parents that are not among the commits.
    var everyID: [CommitID] {
        let own = commits.map(\.id)
        return own + Set(commits.flatMap(\.parents)).subtracting(own).sorted { $0.hex < $1.hex }
    }

    /// None for one that is not among the commits.
    func parents(of id: CommitID) -> [CommitID] { byID[id]?.parents ?? [] }

    /// For each of the first `count` properties the commit that brought it, `nil` where none did; see `Blame`.
    func names(of count: Int, lacking: [CommitID: Set<Int>]) -> [CommitName?] {
        let nodes = commits.map { Blame.Node(commit: $0.id, parents: $0.parents) }
        let blame = Blame(nodes, lacking: lacking, isCutShort: isCutShort)
        return (0..<count).map { property in
            switch blame.origin(of: property) {
            case .commit(let id): byID[id].map { CommitName($0) }
            case .earlier(let id): byID[id].map { CommitName($0, earlier: true) }
            case .none: nil
            }
        }
    }
}
