internal import Model
internal import Planning

/// Reads what differs between two commits, which are present locally.
struct ChangeLook {
    let source: any CommitSource
    /// Whose plan it is.
    let host: String

    /// Without `base` everything of the tip is new.
    func changes(from base: CommitID?, to tip: CommitID) async throws -> ChangeSet {
        let new = try await source.tree(at: tip)
        let plan = try plan(of: new)
        guard let base else {
            var changes = ChangeSet(
                paths: ChangeSet.paths(from: [], to: try new.entries()),
                pointers: ChangeSet.pointers(from: nil, to: plan.comparable))
            changes.planFault = plan.fault
            return changes
        }
        let old = try await source.tree(at: base)
        var changes = ChangeSet(
            paths: ChangeSet.paths(from: try old.entries(), to: try new.entries()),
            pointers: ChangeSet.pointers(from: try self.plan(of: old).comparable, to: plan.comparable))
        changes.planFault = plan.fault
        return changes
    }

    /// None where it does not resolve: what it would amount to is unknown, so it counts as another one altogether.
    private func plan(of tree: any SourceTree) throws -> (comparable: ComparablePlan?, fault: String?) {
        do {
            return (try PlanResolver(tree: tree, policy: nil).comparable(host: host), nil)
        } catch let problems as PlanProblems {
            return (nil, problems.message)
        }
    }
}
