internal import Planning

/// Reads what differs between two commits, which are present locally.
struct ChangeLook {
    let source: any CommitSource
    /// Whose plan it is.
    let host: String

    /// Without `base` everything of the tip is new.
    func changes(from base: CommitID?, to tip: CommitID) async throws -> ChangeSet {
        let new = try await source.tree(at: tip)
        guard let base else {
            return ChangeSet(
                paths: ChangeSet.paths(from: [], to: try new.entries()),
                pointers: ChangeSet.pointers(from: nil, to: try plan(of: new)))
        }
        let old = try await source.tree(at: base)
        return ChangeSet(
            paths: ChangeSet.paths(from: try old.entries(), to: try new.entries()),
            pointers: ChangeSet.pointers(from: try plan(of: old), to: try plan(of: new)))
    }

    /// `nil` where it does not resolve: what it would amount to is unknown, so it counts as another one altogether.
    private func plan(of tree: any SourceTree) throws -> ResolvedPlan? {
        do {
            return try PlanResolver(tree: tree, policy: nil).resolve(host: host).plan
        } catch is PlanProblems {
            return nil
        }
    }
}
