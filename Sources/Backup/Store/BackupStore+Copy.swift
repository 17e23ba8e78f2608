public import Files

extension BackupStore {
    /// Copies what lies at `path` of another store, a tree of files, to `copy` of this one and compares the two.
    /// What is there already and the same stays as it is, so that it can be repeated.
    public func copy(from other: BackupStore, _ path: String, as copy: String) async throws(HostError) {
        try check(copy)
        try other.check(path)
        try await requireMount()
        try await createDirectory()
        try await other.requireMount()
        let purpose = "copy '\(path)' of '\(other.name)' to '\(copy)'"
        let source = other.remotePath(path, on: Self.sourceName)
        let entries = try await other.entries(in: path, recursively: true)
        guard !entries.isEmpty else { throw HostError("cannot \(purpose): nothing is there") }
        let deadline = deadline(for: entries.reduce(0) { $0 + $1.bytes })
        try await transfer(
            ["copy", "--multi-thread-streams", "0"] + bandwidthLimit + [source, remotePath(copy)], from: other,
            to: purpose, deadline: deadline, stall: stallLimit(whileBuffering: true))
        try await transfer(
            ["check", "--one-way", "--download", source, remotePath(copy)], from: other, to: "compare '\(copy)'",
            deadline: deadline, stall: stallLimit(whileBuffering: true))
        try await sync("\(copy)/file")
    }
}
