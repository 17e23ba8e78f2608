public import Model

/// Fills data directories from the backups of the stack, in the steps of a deployment.
public protocol DataRestoring: Sendable {
    /// Brings what fills the data directories `names`, checked and unpacked, beside them; touches none of them. What no
    /// backup holds is left out. Those of `lost` held data on this host: only backups of their own fill them. `note` is told
    /// what an operator should know.
    func fetchData(
        for names: Set<String>, lost: Set<String>, of plan: ResolvedPlan, from origin: RestoreOrigin, secrets: Secrets,
        note: @escaping @Sendable (String) -> Void
    ) async throws -> RestoreFetch
    /// Puts what was fetched in place, while no container of `plan` runs; one that is not empty is never touched.
    /// Returns what it filled. What a container has to load itself waits for `loadDumps`.
    func placeData(of plan: ResolvedPlan) async throws -> [PlanChange]
    /// Has `container`, which is healthy, load the dumps that wait for it. Returns what it loaded.
    func loadDumps(into container: String, of plan: ResolvedPlan) async throws -> [PlanChange]
    /// The container is healthy with what it loaded: that is the customer's data from now on.
    func keepLoaded(into container: String, of plan: ResolvedPlan) async throws
    /// Removes what was fetched and not placed, and empties what was not loaded to its end. Returns the data directories
    /// that should have been restored and are not.
    func discardData(of stack: String) async throws -> Set<String>
}
