/// User and group ids of the host that the ids of one container, from 0 on, stand for.
public struct IDRange: Hashable, Sendable {
    /// What the container's 0 is on the host.
    public let first: UInt32

    /// As many as images and services use: 0 to 65535.
    public static let count: UInt32 = 65_536
    /// From here to 2^31 systemd's table of user ids has nobody, and neither has a distribution, `/etc/subuid` or a network's directory.
    package static let lowest: UInt32 = 0x7000_0000
    static let places = 4096

    /// `place` is less than `places`.
    init(place: UInt32) { first = Self.lowest + place * Self.count }

    /// The host's `owner` for the container's; `nil` where the container has no such user or group.
    public func outside(_ owner: FileOwner) -> FileOwner? {
        guard owner.user < Self.count, owner.group < Self.count else { return nil }
        return FileOwner(user: first + owner.user, group: first + owner.group)
    }

    /// The same for a name at all times (FNV-1a), so that nothing has to be remembered.
    static func place(of name: String) -> UInt32 {
        name.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 } % UInt32(places)
    }
}
