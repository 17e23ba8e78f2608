public import Planning

/// How much of a commit is looked at; a small pack can unfold to more than any host holds.
public struct TreeLimits: Sendable, Hashable {
    public var entries: Int
    /// Of directories in each other.
    public var depth: Int
    /// Of one file.
    public var file: ByteCount
    /// Of all files that are exported.
    public var total: ByteCount

    public init(
        entries: Int = 100_000, depth: Int = 50, file: ByteCount = ByteCount(bytes: 256 << 20),
        total: ByteCount = ByteCount(bytes: 4 << 30)
    ) {
        self.entries = entries
        self.depth = depth
        self.file = file
        self.total = total
    }
}
