internal import Planning

/// A directory of a storage in which parts of data directories lie.
struct StoredParts: Sendable {
    let store: BackupStore
    let path: String
    /// Bytes of its files by name.
    let files: [String: Int64]
    /// For people.
    let shown: String
    let source: StagedData.Origin.Source

    /// The first part of `archive` that is not there as a whole, in words.
    func missingPart(of archive: VolumeArchive) -> String? {
        for part in archive.parts {
            guard PathName.isPlainName(part.name), let bytes = files[part.name] else {
                return "part '\(part.name)' is missing"
            }
            if bytes != part.bytes { return "part '\(part.name)' has \(bytes) bytes instead of \(part.bytes)" }
        }
        return archive.parts.isEmpty ? "it has no parts" : nil
    }
}

extension RestoreCandidate {
    var parts: StoredParts {
        StoredParts(
            store: archive.store, path: archive.path(of: place), files: files, shown: shown,
            source: .run(place.run, host: place.host, target: target))
    }
}
