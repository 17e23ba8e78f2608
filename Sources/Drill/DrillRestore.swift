internal import Backup
internal import Deploying
internal import HostSystem
internal import Model
internal import Synchronization

/// Fills the data directories of a drill, and remembers from what.
final class DrillRestore: DataRestoring {
    struct Found {
        var data: [FetchedData] = []
        /// What an operator should know, beside why runs were passed over.
        var notes: [String] = []
    }

    private let base: DataRestore
    private let state = Mutex(Found())

    init(_ base: DataRestore) { self.base = base }

    var found: Found { state.withLock { $0 } }

    func fetchData(
        for names: Set<String>, lost: Set<String>, of plan: ResolvedPlan, from origin: RestoreOrigin, secrets: Secrets,
        note: @escaping @Sendable (String) -> Void
    ) async throws -> RestoreFetch {
        let fetch = try await base.fetchData(for: names, lost: lost, of: plan, from: origin, secrets: secrets) { text in
            self.state.withLock { $0.notes.append(secrets.telling(text)) }
            note(text)
        }
        let data = try base.fetchedData(of: plan.stack)
        // A stack that starts on nothing proves nothing.
        guard !data.isEmpty else { throw NothingToRestore() }
        state.withLock { found in
            found.data = data
            found.notes.removeAll(where: Set(fetch.passedOver.map(secrets.telling)).contains)
        }
        return fetch
    }

    func placeData(of plan: ResolvedPlan) async throws -> [PlanChange] { try await base.placeData(of: plan) }

    func loadDumps(into container: String, of plan: ResolvedPlan) async throws -> [PlanChange] {
        try await base.loadDumps(into: container, of: plan)
    }

    func keepLoaded(into container: String, of plan: ResolvedPlan) async throws {
        try await base.keepLoaded(into: container, of: plan)
    }

    func discardData(of stack: String) async throws -> Set<String> { try await base.discardData(of: stack) }
}

/// No run holds any of the data.
struct NothingToRestore: Actionable {
    var message: String { "no backup holds any data of this stack" }
    var hint: String { "'fairlead backup now' makes one; 'fairlead backup list' shows what there is" }
    var disposition: Disposition { .transient }
}
