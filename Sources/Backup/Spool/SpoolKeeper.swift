internal import Files
internal import Glibc
internal import Model

/// Keeps a spool that no target empties from ending all backups: the newest run matters more than those before it.
struct SpoolKeeper: Sendable {
    let spool: BackupSpool
    /// What has to stay free on its disk.
    let minimum: ByteCount
    /// Told of each run that no target has, before it goes.
    let dropping: @Sendable (BackupRunID) throws(HostError) -> Void

    /// Gives up runs until there is room for another one of the size of the biggest, or none may go; returns them.
    func makeRoom() throws(HostError) -> [BackupRunID] {
        var given: [BackupRunID] = []
        let expected = try largest()
        while try free() - minimum.bytes < expected, let run = try giveWay() { given.append(run) }
        return given
    }

    /// Gives up one run, where there is no room; returns it.
    func giveWayWhereFull() throws(HostError) -> BackupRunID? { try free() < minimum.bytes ? try giveWay() : nil }

    private func giveWay() throws(HostError) -> BackupRunID? {
        guard let waiting = WaitingRun.givingWay(among: try waiting()) else { return nil }
        if waiting.targets.isEmpty { try dropping(waiting.run) }
        try spool.remove(waiting.run)
        return waiting.run
    }

    private func waiting() throws(HostError) -> [WaitingRun] {
        var waiting: [WaitingRun] = []
        for run in try spool.runs() where try spool.isWhole(run) {
            guard try !spool.holdsContainer(run) else { continue }
            // What cannot be read is not judged, and stays.
            guard let manifest = try? manifest(of: run) else { continue }
            waiting.append(
                WaitingRun(
                    run: run, volumes: Set(manifest.dataNames),
                    shrunk: Set(manifest.volumes.filter { $0.value.shrunk != nil }.keys.map(\.description)),
                    base: manifest.base,
                    targets: try spool.delivered(run)))
        }
        return waiting
    }

    private func largest() throws(HostError) -> Int64 {
        var largest: Int64 = 0
        for run in try spool.runs() where try spool.isWhole(run) {
            if let manifest = try? manifest(of: run) { largest = max(largest, manifest.bytes) }
        }
        return largest
    }

    private func manifest(of run: BackupRunID) throws -> BackupManifest {
        let file = "\(spool.path(of: run))/\(BackupManifest.fileName)"
        return try BackupManifest.decoded(Descriptor(file, O_RDONLY).read(limit: 16 << 20))
    }

    private func free() throws(HostError) -> Int64 {
        try FileSystemSpace.at(PathName.nearestExisting(spool.directory)).free.bytes
    }
}
