public import Files
public import Model

extension Backups {
    /// What pruning a target removes, or did.
    public struct Pruning: Sendable {
        public let target: String
        public let kept: [BackupRunID]
        public let removed: [BackupRunID]
    }

    /// Removes runs of this host from target `name` that `rule` does not keep; with `dryRun` it only says which.
    ///
    /// Only valid runs count for the rule. The newest one that holds a data directory is kept, and what one that is kept
    /// builds on. An upload that is not finished is removed when a later run is valid.
    public func prune(
        _ name: String, of plan: ResolvedPlan, secrets: Secrets, keeping rule: KeepRule, dryRun: Bool
    ) async throws(HostError) -> Pruning {
        let archives = try await archives(of: plan, secrets: secrets)
        guard let archive = archives.first(where: { $0.store.name == name }) else {
            throw HostError.unknownTarget(name, of: plan)
        }
        guard plan.backup?.targets[name]?.lock == nil else {
            throw HostError(
                "target '\(name)' is locked: its retention is the store's own",
                hint: "let a lifecycle rule of the bucket remove what is no longer locked; see docs/backup.md")
        }
        var valid: [BackupRunID: BackupManifest] = [:]
        var unfinished: [BackupRunID] = []
        let files = try await RestoreCandidate.files(in: archive)
        for place in try await archive.places(of: plan.host) {
            switch try await archive.finding(at: place, listed: files[place] ?? [:]) {
            case .valid(let manifest, _): valid[place.run] = manifest
            case .unfinished: unfinished.append(place.run)
            // Somebody may want to know how it came about.
            case .invalid: break
            }
        }
        // One that lacks something does not take the place of one that has all.
        let complete = valid.filter { $0.value.incomplete == nil }.keys
        let wanted = rule.kept(of: valid.keys).union(rule.kept(of: complete)).union(newestOfEachDirectory(valid))
        let kept = wanted.union(wanted.flatMap { valid[$0]?.base ?? [] })
        let removed = (valid.keys + unfinished.filter { run in valid.keys.contains { $0 > run } })
            .filter { !kept.contains($0) }
        if !dryRun, !removed.isEmpty { try await archive.recordPruned(removed, by: plan.host) }
        for run in dryRun ? [] : removed.sorted() {
            try await archive.store.remove(archive.path(of: .init(host: plan.host, run: run)))
        }
        return Pruning(target: name, kept: kept.sorted(), removed: removed.sorted())
    }

    /// A directory that is empty is not saved: its last content may be in an old run only. What was lost while it became
    /// much smaller is in the newest run before that.
    private func newestOfEachDirectory(_ runs: [BackupRunID: BackupManifest]) -> Set<BackupRunID> {
        var newest: [DataName: BackupRunID] = [:]
        var newestWhole: [DataName: BackupRunID] = [:]
        for (run, manifest) in runs {
            for (name, archive) in manifest.volumes {
                newest[name] = max(newest[name] ?? run, run)
                if archive.shrunk == nil { newestWhole[name] = max(newestWhole[name] ?? run, run) }
            }
        }
        return Set(newest.values).union(newestWhole.values)
    }
}
