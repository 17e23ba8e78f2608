/// What a file system is known by; the number of its device may be another one after a boot.
public struct FileSystemMark: Codable, Hashable, Sendable {
    /// Written into it when it was made; of btrfs with the subvolume's number.
    public var uuid: String?
    /// Where one of the network is from, `nfs4 server:/export`; of those also that have a name of their own, such as ZFS.
    public var source: String?
    /// What `statfs` calls its id: of most file systems made from what is written in them.
    public var number: String?
    /// For file systems of which nothing else is known.
    public var device: UInt64

    public init(uuid: String? = nil, source: String? = nil, number: String? = nil, device: UInt64) {
        self.uuid = uuid
        self.source = source
        self.number = number
        self.device = device
    }

    /// By the best that both looks could tell: another kernel, or a boot before udev is up, tells less.
    public func isSame(as other: Self) -> Bool {
        if let uuid, let theirs = other.uuid { return uuid == theirs }
        if let source, let theirs = other.source { return source == theirs }
        if let number, let theirs = other.number { return number == theirs }
        return device == other.device
    }

    /// For people.
    public var words: String { uuid ?? source ?? number.map { "number \($0)" } ?? "on device \(device)" }
}
