public import Model

/// Remembers what the data directories of a stack were, so that others in their place are noticed.
public protocol DataMemory: Sendable {
    /// What lies in the data directories `names` of `plan`, beside what is remembered of them.
    func findings(on names: Set<String>, in plan: ResolvedPlan) async throws -> [String: DataFinding]
    /// Missing and empty data directories of `plan` are going to be made or filled. What lies there then is right, until
    /// `remember`: after a crash in between it would seem to be another directory.
    func beginFilling(_ plan: ResolvedPlan) async throws
    /// `plan` works with its data directories `names` as they are now. What neither the plan nor the host has is forgotten.
    func remember(_ names: Set<String>, of plan: ResolvedPlan) async throws
    /// The services of `plan` run. One that is another directory than it was stays noticed.
    func learn(_ plan: ResolvedPlan) async throws
    /// An operator ended the use of the data of `stack`. Returns the names of the directories that counted until then.
    @discardableResult
    func release(_ stack: String) async throws -> Set<String>
    /// Takes that back for the directories `names`.
    func reclaim(_ names: Set<String>, of stack: String) async throws
}
