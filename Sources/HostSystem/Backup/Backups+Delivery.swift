public import Planning

extension Backups {
    /// What came of one target.
    public struct Delivery: Sendable {
        public let target: String
        /// Runs that this target has now and had not before, oldest first.
        public internal(set) var delivered: [BackupRunID] = []
        /// In the storage: of what was uploaded now.
        public internal(set) var bytes: Int64 = 0
        public internal(set) var failure: HostError?
        /// Objects that are not locked as long as the plan wants, in words.
        public internal(set) var unlocked: [String] = []
        /// What delivered runs build on and the target has not, in words.
        public internal(set) var missing: [String] = []

        /// All is there, and stays there.
        public var isComplete: Bool { failure == nil && missing.isEmpty && unlocked.isEmpty }
    }

    /// Uploads what waits in the spool to every target of `plan` that has not got it; a run that all of them have is
    /// removed from the spool. One target's failure does not keep another one waiting.
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
            var missing: [BackupRunID] = []
            for run in runs where try !spool.delivered(run).contains(name) { missing.append(run) }
            guard !missing.isEmpty else { return delivery }
            let store = try await BackupStore(
                name: name, target: target, secrets: secrets, configuration: host.configuration)
            try await store.check()
            for run in missing {
                let upload = BackupUpload(
                    store: store, directory: spool.path(of: run), path: "\(plan.stack)/\(plan.host)/\(run)",
                    lock: target.lock, progress: progress)
                delivery.bytes += try await upload.run()
                let missing = try await upload.missing()
                delivery.missing += missing
                delivery.unlocked += try await upload.unlocked()
                if missing.isEmpty {
                    delivery.unlocked += try await upload.unlockedBase(longestLine: plan.backup?.longestLine ?? .zero)
                }
                // The next run does not need what is not there, or not for long.
                if !delivery.missing.isEmpty || !delivery.unlocked.isEmpty { try endLines() }
                try spool.markDelivered(run, to: name)
                delivery.delivered.append(run)
            }
        } catch {
            delivery.failure = error
        }
        return delivery
    }
}
