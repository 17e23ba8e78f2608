public import Files
public import HostSystem
public import Model

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
        var memory = VolumeMemory.read(of: plan, stateDirectory: stateDirectory)
        var isCertain = true
        let former = plan.formerPlaces
        for archive in try await Backups(host: host).archivesByAllNames(of: plan, secrets: secrets) {
            do throws(HostError) {
                let newestFirst = try await candidates(archive, of: plan.stack).sorted { $0.place.run > $1.place.run }
                for name in unknown {
                    let names = [name] + (former[name] ?? []).filter { $0.stack == archive.stack }.map(\.name)
                    guard let run = newestFirst.first(where: { names.contains(where: $0.mayHold) })?.place.run else {
                        continue
                    }
                    memory.volumes[name] = .init(run: max(run, memory.volumes[name]?.run ?? run))
                }
            } catch {
                isCertain = false
                note("whether a run holds \(unknown.quoted) is not known: \(error.message)")
            }
        }
        unknown.removeAll { memory.volumes[$0] != nil }
        if isCertain { memory.begin(unknown) }
        try memory.write(stateDirectory: stateDirectory)
    }

    /// A storage that was emptied, or is another one, knows nothing of what it was given.
    private func candidates(
        _ archive: BackupArchive, of stack: String
    ) async throws(HostError) -> [RestoreCandidate] {
        try await archive.store.check()
        let candidates = try await RestoreCandidate.all(in: archive)
        let delivered = BackupState.read(stateDirectory: stateDirectory).targets[archive.store.name]?.run
        if candidates.isEmpty, archive.stack == stack, let delivered {
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
                "the deployed plan has no data directory '\(name)'", hint: "it has \(known.sorted().quoted)")
        }
        var memory = VolumeMemory.read(of: plan, stateDirectory: stateDirectory)
        memory.accept(names)
        try memory.write(stateDirectory: stateDirectory)
    }

    private var stateDirectory: String { host.configuration.stateDirectory }
}
