internal import Glibc
public import Model

/// What one isolated build may take of this host; builds run one after the other.
public struct BuildLimits: Sendable, Hashable {
    /// Half of this host's.
    public var memory = ByteCount(
        bytes: Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))) / 2)
    public var processes = 1024
    /// With the cache of the builds before.
    public var disk = ByteCount(bytes: 16 << 30)
    /// What stays free on the disk.
    public var free = ByteCount(bytes: 1 << 30)

    public init() {}
}
