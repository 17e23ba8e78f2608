public import Files
internal import HostSystem
public import Model

extension Backups {
    /// What came of one target.
    public struct Delivery: Sendable {
        public let target: String
        /// Runs that this target has now and had not before, oldest first.
        public internal(set) var delivered: [BackupRunID] = []
        /// In the storage: of what was uploaded now.
        public internal(set) var bytes: Int64 = 0
        /// Of the newest run that failed, or of the target as a whole.
        public internal(set) var failure: HostError?
        /// Objects that are not locked as long as the plan wants, in words.
        public internal(set) var unlocked: [String] = []
        /// What delivered runs build on and the target has not, in words.
        public internal(set) var missing: [String] = []

        /// All is there, and stays there.
        public var isComplete: Bool { failure == nil && missing.isEmpty && unlocked.isEmpty }
    }

    /// Uploads what waits in the spool to every target of `plan` that has not got it; a run that all of them have is
    /// removed from the spool. Neither one target's failure nor one run's keeps another one waiting.
    public func deliver(
        for plan: ResolvedPlan, secrets: Secrets, progress: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> [Delivery] {
        let targets = plan.backup?.targets ?? [:]
        let waiting = try undelivered()
        var deliveries: [Delivery] = []
        for (name, target) in targets.sorted(by: { $0.key < $1.key }) {
            deliveries.append(
                await deliver(waiting, to: name, target, plan: plan, secrets: secrets, progress: progress))
        }
        for run in waiting where try spool.delivered(run).isSuperset(of: targets.keys) {
            // Its mark is what has the container go on with the next start, or the next backup.
            if try !spool.holdsContainer(run) { try spool.remove(run) }
        }
        return deliveries
    }

    /// Runs that some target still lacks, oldest first.
    public func undelivered() throws(HostError) -> [BackupRunID] {
        var runs: [BackupRunID] = []
        for run in try spool.runs() where try spool.isWhole(run) { runs.append(run) }
        return runs
    }

    private func deliver(
        _ runs: [BackupRunID], to name: String, _ target: BackupTarget, plan: ResolvedPlan, secrets: Secrets,
        progress: @escaping @Sendable (String) -> Void
    ) async -> Delivery {
        var delivery = Delivery(target: name)
        do throws(HostError) {
            var lacking: [BackupRunID] = []
            for run in runs where try !spool.delivered(run).contains(name) { lacking.append(run) }
            guard !lacking.isEmpty else { return delivery }
            let store = try await BackupStore(
                name: name, target: target, secrets: secrets, configuration: host.configuration)
            try await store.check()
            await TargetDelivery(backups: self, store: store, plan: plan, progress: progress)
                .deliver(lacking, &delivery)
            if case .directory(let path, local: true) = target.store, !delivery.delivered.isEmpty {
                let places = LocalPlaces(stateDirectory: host.configuration.stateDirectory)
                try places.remember(path, of: name, stack: plan.stack)
            }
        } catch {
            delivery.failure = error
        }
        return delivery
    }
}
