internal import Files
internal import Model

/// A run in one storage, as its listing shows it.
struct RestoreCandidate: Sendable {
    let archive: BackupArchive
    let place: BackupArchive.Place
    /// Of all runs of its host: bytes of their files by name.
    let runs: [BackupRunID: [String: Int64]]

    /// Bytes of its files by name.
    var files: [String: Int64] { runs[place.run] ?? [:] }

    var target: String { archive.store.name }

    /// For people.
    var shown: String { "run \(place.run) of '\(place.host)' on '\(target)'" }

    /// There is something that has to be read.
    var isSigned: Bool { files[BackupManifest.fileName] != nil && files[BackupManifest.signatureName] != nil }

    /// Whether there is a part that may be of data directory `name`.
    func mayHold(_ name: String) -> Bool { files.keys.contains { $0.hasPrefix("\(name).") } }

    /// The first part of each data directory that is not there as a whole, in words.
    func missingParts(of manifest: BackupManifest) -> [String] {
        let parts = parts
        return manifest.volumes.sorted { $0.key < $1.key }.compactMap { name, archive in
            parts.missingPart(of: archive).map { "data directory '\(name)': \($0)" }
        }
    }

    /// Of all runs of `archive`: bytes of their files by name.
    static func files(in archive: BackupArchive) async throws(HostError) -> [BackupArchive.Place: [String: Int64]] {
        Dictionary(try await all(in: archive).map { ($0.place, $0.files) }) { first, _ in first }
    }

    /// All runs of `archive`, in no order; one listing, however many there are.
    static func all(in archive: BackupArchive) async throws(HostError) -> [RestoreCandidate] {
        all(in: archive, try await archive.listing())
    }

    static func all(in archive: BackupArchive, _ listing: [StoredEntry]) -> [RestoreCandidate] {
        var hosts: [String: [BackupRunID: [String: Int64]]] = [:]
        for entry in listing where !entry.isDirectory {
            let parts = entry.path.pathParts
            guard parts.count == 3, let run = BackupRunID(parts[1]), parts.allSatisfy({ EntryName($0) != nil })
            else { continue }
            hosts[parts[0], default: [:]][run, default: [:]][parts[2]] = entry.bytes
        }
        return hosts.flatMap { host, runs in
            runs.keys.map { RestoreCandidate(archive: archive, place: .init(host: host, run: $0), runs: runs) }
        }
    }
}
