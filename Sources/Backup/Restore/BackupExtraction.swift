public import Files
public import HostSystem
public import Model

/// Brings what a run holds into a directory, for people to look at or to take files from; the stack is not touched.
public struct BackupExtraction: Sendable {
    /// Which data of which run.
    public struct Choice: Sendable {
        /// The newest valid one when absent.
        public var run: BackupRunID?
        /// Data directories; those of the run when empty.
        public var names: Set<String>
        /// Whose runs; those of every host of the stack when absent.
        public var host: String?
        /// Of the plan; all of them when absent.
        public var target: String?

        public init(run: BackupRunID? = nil, names: Set<String> = [], host: String? = nil, target: String? = nil) {
            self.run = run
            self.names = names
            self.host = host
            self.target = target
        }
    }

    /// One data directory that was brought.
    public struct Item: Sendable {
        public let name: String
        /// Where it lies now: `DIRECTORY/NAME`, `DIRECTORY/NAME.dump` for a dump.
        public let path: String
        public let run: BackupRunID
        public let host: String
        public let target: String
        public let archive: VolumeArchive
    }

    let host: HostSystem
    let now: @Sendable () -> Timestamp

    public init(host: HostSystem, now: @escaping @Sendable () -> Timestamp) {
        self.host = host
        self.now = now
    }

    /// Brings `choice` into `directory`, which is new or empty; after an error nothing of it is left there.
    ///
    /// The same checks as before a deployment apply; `note` is told what an operator should know.
    public func extract(
        _ choice: Choice, of plan: ResolvedPlan, secrets: Secrets, to directory: String,
        note: @escaping @Sendable (String) -> Void
    ) async throws(HostError) -> [Item] {
        let (plan, backup) = try narrowed(plan, choice)
        // Two of them in one directory would remove what the other one brings.
        let lock = try await HostLock.acquire(
            at: "\(host.configuration.runtimeDirectory)/restore.lock", command: "fairlead backup restore", now: now())
        let place = try await ExtractionDirectory.prepare(
            directory, outside: host.dataDirectories(of: plan.stack).stackDirectory)
        do throws(HostError) {
            var search = RestoreSearch(
                restore: restore(into: place), plan: plan, backup: backup,
                origin: choice.host.map { .hosts([$0]) } ?? .stack, secrets: secrets, note: note)
            search.isPartial = choice.target != nil
            let missing = try await search.fill(choice.names.isEmpty ? nil : choice.names)
            if let name = missing.min() { throw Self.lacks(name, choice) }
            let items = try await place.take(try restore(into: place).staged(of: plan.stack))
            guard !items.isEmpty else { throw Self.nothing(choice) }
            _ = consume lock
            return items
        } catch {
            await place.remove()
            throw error
        }
    }

    private func restore(into place: ExtractionDirectory) -> DataRestore {
        var configuration = host.configuration
        configuration.dataRoot = place.scratch
        return DataRestore(host: HostSystem(configuration: configuration), purpose: .reading, now: now)
    }

    /// `plan` as if it named nothing but what is chosen.
    private func narrowed(_ plan: ResolvedPlan, _ choice: Choice) throws(HostError) -> (ResolvedPlan, BackupPlan) {
        guard var backup = plan.backup else { throw HostError.noBackupSection }
        if let target = choice.target {
            backup.targets = backup.targets.filter { $0.key == target }
            guard !backup.targets.isEmpty else { throw HostError.unknownTarget(target, of: plan) }
        }
        backup.restore = choice.run.map { .run($0.description) } ?? .newest
        var plan = plan
        plan.backup = backup
        return (plan, backup)
    }

    private static func lacks(_ name: String, _ choice: Choice) -> HostError {
        let run = choice.run.map { "run \($0) does not hold" } ?? "no valid run holds"
        return HostError(
            "\(run) data directory '\(name)'", hint: "'fairlead backup list' shows the runs and what they hold")
    }

    private static func nothing(_ choice: Choice) -> HostError {
        let reason = choice.run.map { "run \($0) was not uploaded to its end" } ?? "there is no valid run"
        return HostError(reason, hint: "'fairlead backup list' shows what there is")
    }
}
