internal import Planning

/// What data directories come from: parts in one storage.
struct StoredParts: Sendable {
    struct Part: Sendable {
        let part: BackupPart
        /// In the storage.
        let path: String
        /// That are there; `nil` where it is missing.
        let bytes: Int64?
        /// For people.
        let shown: String
    }

    let store: BackupStore
    /// For people.
    let shown: String
    let source: StagedData.Origin.Source
    /// The streams that a data directory is made of, oldest first.
    let streams: @Sendable (VolumeArchive) -> [[Part]]

    /// The first part of `archive` that is not there as a whole, in words.
    func missingPart(of archive: VolumeArchive) -> String? {
        let streams = streams(archive)
        for part in streams.joined() {
            guard PathName.isPlainName(part.part.name), let bytes = part.bytes
            else { return "\(part.shown) is missing" }
            if bytes != part.part.bytes { return "\(part.shown) has \(bytes) bytes instead of \(part.part.bytes)" }
        }
        return streams.contains(where: \.isEmpty) ? "it has no parts" : nil
    }
}

extension RestoreCandidate {
    var parts: StoredParts {
        StoredParts(
            store: archive.store, shown: shown, source: .run(place.run, host: place.host, target: target),
            streams: { $0.streams(of: place.run).map(parts) })
    }

    private func parts(of stream: BackupStream) -> [StoredParts.Part] {
        let path = archive.path(of: .init(host: place.host, run: stream.run))
        let other = stream.run == place.run ? "" : " of run \(stream.run), which it builds on,"
        return stream.parts.map { part in
            StoredParts.Part(
                part: part, path: "\(path)/\(part.name)", bytes: runs[stream.run]?[part.name],
                shown: "part '\(part.name)'\(other)")
        }
    }
}
