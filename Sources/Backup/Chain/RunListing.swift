internal import Files
internal import Model

/// Which runs the storages of a plan list, of each host, whatever they are worth.
struct RunListing: Sendable {
    private var runs: [String: Set<BackupRunID>] = [:]
    /// The same by the target's name.
    private var byTarget: [String: [String: Set<BackupRunID>]] = [:]
    private var archives: [BackupArchive] = []
    /// What each host says that it removed, as far as it was asked for.
    private var pruned: [String: Set<BackupRunID>] = [:]

    mutating func add(_ candidates: [RestoreCandidate], of archive: BackupArchive) {
        archives.append(archive)
        var listed = byTarget[archive.store.name] ?? [:]
        for candidate in candidates {
            runs[candidate.place.host, default: []].insert(candidate.place.run)
            listed[candidate.place.host, default: []].insert(candidate.place.run)
        }
        byTarget[archive.store.name] = listed
    }

    func runs(of host: String) -> Set<BackupRunID> { runs[host] ?? [] }

    /// What is gone although `valid`, the newest valid run, or this host itself says that it was there.
    mutating func lostRun(
        newest valid: BackupManifest, known: RunLink?, of plan: ResolvedPlan, now: Timestamp
    ) async throws(HostError) -> LostRun? {
        if let lost = LostRun.newer(than: valid.run, known: known, of: plan.host, listed: runs(of: plan.host)) {
            return lost
        }
        return try await lostRun(before: valid, of: plan, now: now)
    }

    /// What is gone although `valid` says that it was there.
    mutating func lostRun(
        before valid: BackupManifest, of plan: ResolvedPlan, now: Timestamp
    ) async throws(HostError) -> LostRun? {
        let host = valid.host.description
        let kept = plan.backup?.targets.values.compactMap(\.lock).map(\.duration).min()
        let listed = runs(of: host)
        // What was pruned is only asked for where something is missing.
        guard LostRun.before(valid, listed: listed, pruned: [], kept: kept, now: now) != nil else { return nil }
        let pruned = try await pruned(by: host)
        return LostRun.before(valid, listed: listed, pruned: pruned, kept: kept, now: now)
    }

    /// What each target has taken last of `host`, as `chain` knows, and lists no more, by the target's name. Other targets may
    /// still have it.
    mutating func gone(of host: String, as chain: RunChain) async throws(HostError) -> [String: BackupRunID] {
        let gone = chain.gone(from: byTarget.mapValues { $0[host] ?? [] })
        guard !gone.isEmpty else { return [:] }
        let pruned = try await pruned(by: host)
        return gone.filter { !pruned.contains($0.value) }
    }

    private mutating func pruned(by host: String) async throws(HostError) -> Set<BackupRunID> {
        if let known = pruned[host] { return known }
        var runs: Set<BackupRunID> = []
        for archive in archives { runs.formUnion(try await archive.pruned(by: host)) }
        pruned[host] = runs
        return runs
    }
}
