public import Model

/// Renames data directories, while no container runs.
public protocol DataRenaming: Sendable {
    /// Those of `moves` that have to be done; throws what keeps them from being done. Touches nothing.
    func renames(for moves: [DataMove]) async throws -> [DataRename]
    /// Does it, whole or not at all.
    func rename(_ rename: DataRename) async throws
    /// What `plan` has counts as deployed, under the names that it has now.
    func keepRenames(of plan: ResolvedPlan) async throws
    /// Gives everything whose renaming was not kept its former name again; returns what it renamed.
    func undoRenames() async throws -> [DataRename]
}
