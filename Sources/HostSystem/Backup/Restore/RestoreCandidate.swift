internal import Planning

/// A run in one storage, as its listing shows it.
struct RestoreCandidate: Sendable {
    let archive: BackupArchive
    let place: BackupArchive.Place
    /// Bytes of its files by name.
    let files: [String: Int64]

    var target: String { archive.store.name }

    /// For people.
    var shown: String { "run \(place.run) of '\(place.host)' on '\(target)'" }

    /// Whether there is a part that may be of data directory `name`.
    func mayHold(_ name: String) -> Bool { files.keys.contains { $0.hasPrefix("\(name).") } }

    /// All runs of `archive`, in no order; one listing, however many there are.
    static func all(in archive: BackupArchive) async throws(HostError) -> [RestoreCandidate] {
        var runs: [BackupArchive.Place: [String: Int64]] = [:]
        for entry in try await archive.store.entries(in: archive.stack, recursively: true) where !entry.isDirectory {
            let parts = entry.path.split(separator: "/").map(String.init)
            guard parts.count == 3, let run = BackupRunID(parts[1]) else { continue }
            runs[BackupArchive.Place(host: parts[0], run: run), default: [:]][parts[2]] = entry.bytes
        }
        return runs.map { RestoreCandidate(archive: archive, place: $0, files: $1) }
    }
}
