internal import Planning

/// A data directory as an exchange found it.
struct ExchangePlace: Codable, Sendable {
    /// `nil`: nothing lay there.
    let mark: DataMark?
    /// It is exchanged by copying, since it cannot be renamed: a disk of its own, or the copies lie on another one.
    let copies: Bool
    /// What lay there was not complete.
    let isUnfinished: Bool

    init(of volume: String, in directories: DataDirectories, copiedTo source: SnapshotPlace) throws(HostError) {
        mark = try directories.mark(of: volume)
        copies = try Self.needsCopying(volume, source)
        isUnfinished = try RestoreMark.isSet(for: source.directory(of: volume))
    }

    static func needsCopying(_ volume: String, _ source: SnapshotPlace) throws(HostError) -> Bool {
        if try OwnDisk.isMounted(source.directory(of: volume)) { return true }
        let own = try FileStatus.at(source.stackDirectory).device
        return try FileStatus.at(source.content).device != own
    }

    func isSame(as now: DataMark?) -> Bool {
        guard let mark, let now else { return mark == nil && now == nil }
        return mark.isSameDirectory(as: now)
    }
}
