/// How much of a data directory was read for a backup.
public struct DataExtent: Codable, Hashable, Sendable {
    /// Before they are compressed.
    public var bytes: Int64
    /// Files and directories; absent for a dump.
    public var files: Int64?

    public init(bytes: Int64, files: Int64? = nil) {
        self.bytes = bytes
        self.files = files
    }

    /// For people.
    public var words: String {
        ByteCount(bytes: bytes).rounded + (files.map { " in \($0) \($0 == 1 ? "file" : "files")" } ?? "")
    }
}

/// What a data directory was before it became much smaller.
public struct DataShrink: Codable, Hashable, Sendable {
    public var run: BackupRunID
    public var before: DataExtent

    public init(run: BackupRunID, before: DataExtent) {
        self.run = run
        self.before = before
    }
}

/// When a data directory is so much smaller than in the run before that somebody has to know.
public struct ShrinkRule: Hashable, Sendable {
    public static let standard = 50

    /// Smaller ones halve every day: what they hold is worth as much, but nobody reads an alarm that is always on.
    static let leastBytes: Int64 = 1 << 20
    static let leastFiles: Int64 = 1000

    /// Of what it was; never when 0.
    let percent: Int

    public init(percent: Int) { self.percent = percent }

    public func isBroken(from before: DataExtent, to now: DataExtent) -> Bool {
        if before.bytes >= Self.leastBytes, isLess(now.bytes, than: before.bytes) { return true }
        guard let filesBefore = before.files, let files = now.files, filesBefore >= Self.leastFiles else {
            return false
        }
        return isLess(files, than: filesBefore)
    }

    private func isLess(_ now: Int64, than before: Int64) -> Bool {
        Double(now) * 100 < Double(before) * Double(percent)
    }
}
