internal import Files
internal import HostSystem
internal import Model

/// Brings runs of the spool to one target. Each stands for itself: what fails for one does not hold others back.
struct TargetDelivery: Sendable {
    let backups: Backups
    let store: BackupStore
    let plan: ResolvedPlan
    let progress: @Sendable (String) -> Void

    /// The newest first: should the target, or this host, be lost meanwhile, it is the one that counts.
    func deliver(_ runs: [BackupRunID], _ delivery: inout Backups.Delivery) async {
        var arrived: [BackupRunID] = []
        for run in runs.sorted(by: >) {
            do throws(HostError) {
                delivery.bytes += try await upload(of: run).run()
                arrived.append(run)
            } catch {
                delivery.failure = delivery.failure ?? error
                // A target that answers has something against this run only; from another one nobody waits for each.
                guard (try? await store.check()) != nil else { break }
            }
        }
        // A run may build on an older one that was sent after it.
        for run in arrived.sorted() { await confirm(run, &delivery) }
    }

    /// Looks whether what has arrived is whole and locked. What is not is told, and never sent again for that: it would
    /// come to the same.
    private func confirm(_ run: BackupRunID, _ delivery: inout Backups.Delivery) async {
        let upload = upload(of: run)
        do throws(HostError) {
            let missing = try await upload.missing()
            var unlocked = try await upload.unlocked()
            if missing.isEmpty {
                unlocked += try await upload.unlockedBase(longestLine: plan.backup?.longestLine ?? .zero)
            }
            // The next run does not need what is not there, or not for long.
            if !missing.isEmpty || !unlocked.isEmpty { try backups.endLines() }
            try remember(run)
            try backups.spool.markDelivered(run, to: store.name)
            delivery.delivered.append(run)
            delivery.missing += missing
            delivery.unlocked += unlocked
        } catch {
            delivery.failure = delivery.failure ?? error
        }
    }

    private func remember(_ run: BackupRunID) throws(HostError) {
        let stateDirectory = backups.host.configuration.stateDirectory
        var chain = RunChain.read(of: plan, stateDirectory: stateDirectory)
        chain.deliver(run, to: store.name)
        try chain.write(stateDirectory: stateDirectory)
    }

    private func upload(of run: BackupRunID) -> BackupUpload {
        BackupUpload(
            store: store, directory: backups.spool.path(of: run), path: "\(plan.stack)/\(plan.host)/\(run)",
            lock: store.target.lock, progress: progress)
    }
}
