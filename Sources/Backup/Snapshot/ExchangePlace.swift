internal import CLinux
internal import Files
internal import Glibc
internal import HostSystem
internal import Model

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
        return try mount(of: source.stackDirectory) != mount(of: source.content)
    }

    /// A rename leads from no mount to another one, not even of the same disk.
    private static func mount(of path: String) throws(HostError) -> [UInt64] {
        let directory = try Descriptor(path, O_RDONLY | O_DIRECTORY)
        var status = linux_file_status()
        guard linux_file_status_of(directory.number, &status) == 0 else { throw HostError.failed("look at '\(path)'") }
        return [UInt64(try directory.status().st_dev), status.mount]
    }

    func isSame(as now: DataMark?) -> Bool {
        guard let mark, let now else { return mark == nil && now == nil }
        return mark.isSameDirectory(as: now)
    }
}
