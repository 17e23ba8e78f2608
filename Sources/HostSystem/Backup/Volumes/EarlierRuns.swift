public import Planning

/// What the storages know of data directories of which this host remembers nothing: of one that an older fairlead saved, or
/// that was restored here.
public struct EarlierRuns: Sendable {
    private let host: HostSystem

    public init(host: HostSystem) { self.host = host }

    /// Remembers which of the empty data directories of `plan` a run holds. A storage is only asked where there is one of
    /// which nothing is known yet, which is once.
    public func recall(
        _ plan: ResolvedPlan, secrets: Secrets, note: @Sendable (String) -> Void
    ) async throws(HostError) {
        var unknown = VolumeSurvey.unknown(of: plan, on: host)
        guard !unknown.isEmpty else { return }
        var memory = VolumeMemory.read(of: plan.stack, stateDirectory: stateDirectory)
        var isCertain = true
        for archive in try await Backups(host: host).archives(of: plan, secrets: secrets) {
            do throws(HostError) {
                let newestFirst = try await candidates(archive).sorted { $0.place.run > $1.place.run }
                for name in unknown {
                    guard let run = newestFirst.first(where: { $0.mayHold(name) })?.place.run else { continue }
                    memory.volumes[name] = .init(run: max(run, memory.volumes[name]?.run ?? run))
                }
            } catch {
                isCertain = false
                note("whether a run holds \(list(unknown)) is not known: \(error.message)")
            }
        }
        unknown.removeAll { memory.volumes[$0] != nil }
        if isCertain { memory.accept(unknown) }
        try memory.write(stateDirectory: stateDirectory)
    }

    /// A storage that was emptied, or is another one, knows nothing of what it was given.
    private func candidates(_ archive: BackupArchive) async throws(HostError) -> [RestoreCandidate] {
        try await archive.store.check()
        let candidates = try await RestoreCandidate.all(in: archive)
        let delivered = BackupState.read(stateDirectory: stateDirectory).targets[archive.store.name]?.run
        if candidates.isEmpty, let delivered {
            throw HostError(
                "backup target '\(archive.store.name)' has no run, although run \(delivered) was brought to it",
                disposition: .transient)
        }
        return candidates
    }

    /// Forgets what `names` of `plan` held: the next run takes them as they are.
    public func accept(_ names: [String], of plan: ResolvedPlan) throws(HostError) {
        let known = Set(DataDirectories.wanted(by: plan).map(\.name))
        for name in names where !known.contains(name) {
            throw HostError(
                "the deployed plan has no data directory '\(name)'", hint: "it has \(list(known.sorted()))")
        }
        var memory = VolumeMemory.read(of: plan.stack, stateDirectory: stateDirectory)
        memory.accept(names)
        try memory.write(stateDirectory: stateDirectory)
    }

    private var stateDirectory: String { host.configuration.stateDirectory }

    private func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
