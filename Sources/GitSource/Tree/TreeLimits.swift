public import Model

/// How much of a commit is looked at; a small pack can unfold to more than any host holds.
public struct TreeLimits: Sendable, Hashable, Codable {
    public var entries: Int
    /// Of directories in each other.
    public var depth: Int
    /// Of one file.
    public var file: ByteCount
    /// Of all files below `files/` and `images/`, as they are when they are unfolded.
    public var total: ByteCount
    /// Of all files below `hosts/`: each of them is read to see which host takes over from which.
    public var entriesOfHosts: ByteCount
    /// And how many these are.
    public var hosts: Int
    /// Of all paths together.
    public var paths: ByteCount
    /// Of what is read to list the entries, each directory as often as it is come by.
    public var directories: ByteCount
    /// Of what is read to its end to see whether it is whole.
    public var checked: ByteCount
    /// Of one commit, with its message and signature.
    public var commit: ByteCount
    /// Of all commits of a history.
    public var history: ByteCount

    public init(
        entries: Int = 100_000, depth: Int = 50, file: ByteCount = ByteCount(bytes: 256 << 20),
        total: ByteCount = ByteCount(bytes: 4 << 30), entriesOfHosts: ByteCount = ByteCount(bytes: 16 << 20),
        hosts: Int = 10_000, paths: ByteCount = ByteCount(bytes: 32 << 20),
        directories: ByteCount = ByteCount(bytes: 64 << 20), checked: ByteCount = ByteCount(bytes: 256 << 20),
        commit: ByteCount = ByteCount(bytes: 1 << 20), history: ByteCount = ByteCount(bytes: 2 << 30)
    ) {
        self.entries = entries
        self.depth = depth
        self.file = file
        self.total = total
        self.entriesOfHosts = entriesOfHosts
        self.hosts = hosts
        self.paths = paths
        self.directories = directories
        self.checked = checked
        self.commit = commit
        self.history = history
    }
}
