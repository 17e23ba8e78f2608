internal import Model

/// Where in a storage the parts of data directories lie.
struct StoredParts: Sendable {
    struct Directory: Sendable {
        let path: String
        /// Bytes of its files by name.
        let files: [String: Int64]
    }

    /// One of the streams that a data directory is made of.
    struct Stream: Sendable {
        /// Absent for that of the run itself.
        let earlierRun: BackupRunID?
        let directory: Directory
        let parts: [BackupPart]

        /// For people.
        func shown(_ part: BackupPart) -> String {
            "part '\(part.name)'" + (earlierRun.map { " of run \($0), which it builds on," } ?? "")
        }
    }

    let store: BackupStore
    let directory: Directory
    /// Of the runs that it may build on.
    var earlier: [BackupRunID: Directory] = [:]
    /// For people.
    let shown: String
    let source: StagedData.Origin.Source

    /// Oldest first.
    func streams(of archive: VolumeArchive) -> [Stream] {
        archive.earlier.map { stream in
            Stream(
                earlierRun: stream.run, directory: earlier[stream.run] ?? Directory(path: "", files: [:]),
                parts: stream.parts)
        } + [Stream(earlierRun: nil, directory: directory, parts: archive.parts)]
    }

    /// The first part of `archive` that is not there as a whole, in words.
    func missingPart(of archive: VolumeArchive) -> String? {
        for stream in streams(of: archive) {
            for part in stream.parts {
                guard let bytes = stream.directory.files[part.name.description] else {
                    return "\(stream.shown(part)) is missing"
                }
                guard bytes == part.bytes else {
                    return "\(stream.shown(part)) has \(bytes) bytes instead of \(part.bytes)"
                }
            }
            if stream.parts.isEmpty { return "it has no parts" }
        }
        return nil
    }
}

extension RestoreCandidate {
    var parts: StoredParts {
        let directories = runs.map { run, files in
            let path = archive.path(of: .init(host: place.host, run: run))
            return (run, StoredParts.Directory(path: path, files: files))
        }
        return StoredParts(
            store: archive.store, directory: .init(path: archive.path(of: place), files: files),
            earlier: Dictionary(uniqueKeysWithValues: directories), shown: shown,
            source: .run(place.run, host: place.host, target: target))
    }
}
