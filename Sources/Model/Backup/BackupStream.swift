/// What a repository of restic held when it was saved.
public struct BackupSnapshot: Codable, Hashable, Sendable {
    public var id: SnapshotID
    /// Of its files, restored.
    public var bytes: Int64
    /// The streams of earlier runs that it needs, oldest first.
    public var earlier: [BackupStream]

    public init(id: SnapshotID, bytes: Int64, earlier: [BackupStream]) {
        self.id = id
        self.bytes = bytes
        self.earlier = earlier
    }
}

/// The name of a snapshot in a repository of restic: an argument of that program, and none of its options.
public struct SnapshotID: WrittenValue {
    public static let form = "a snapshot's id of 64 hexadecimal digits"

    public let description: String

    public init?(_ text: String) {
        guard let sum = SHA256Sum(text) else { return nil }
        description = sum.description
    }
}

/// The parts of one volume in one run.
public struct BackupStream: Codable, Hashable, Sendable {
    public var run: BackupRunID
    public var parts: [BackupPart]

    public init(run: BackupRunID, parts: [BackupPart]) {
        self.run = run
        self.parts = parts
    }
}

/// An object of a backup.
public struct BackupPart: Codable, Hashable, Sendable {
    /// Beside the manifest.
    public var name: EntryName
    public var bytes: Int64
    public var sha256: SHA256Sum

    public init(name: EntryName, bytes: Int64, sha256: SHA256Sum) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
    }
}
