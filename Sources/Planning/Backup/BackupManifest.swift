/// What one backup of a host holds: signed, and uploaded last, so that a run without a valid one is no backup.
///
/// In the storage: `STACK/HOST/RUN/manifest.json` beside its signature `manifest.json.sig` and the parts.
public struct BackupManifest: Codable, Hashable, Sendable {
    public static let fileName = "manifest.json"
    public static let signatureName = "manifest.json.sig"
    /// Of this program; a manifest with a higher one is refused.
    public static let currentFormat = 1

    public var format: Int
    public var run: BackupRunID
    public var stack: String
    /// The host's name in the customer repo.
    public var host: String
    public var version: String
    /// What was deployed; absent when nothing was.
    public var commit: CommitID?
    public var began: Timestamp
    public var ended: Timestamp
    /// The last one of a host whose stack moves to another one.
    public var isFinal: Bool
    /// Digests of the images that ran, by container.
    public var images: [String: String]
    /// By the name of the data directory.
    public var volumes: [String: VolumeArchive]
    /// The plan that was deployed; secrets are references in it.
    public var plan: ResolvedPlan

    public init(
        run: BackupRunID, stack: String, host: String, version: String, commit: CommitID?, began: Timestamp,
        ended: Timestamp, isFinal: Bool = false, images: [String: String], volumes: [String: VolumeArchive],
        plan: ResolvedPlan
    ) {
        format = Self.currentFormat
        self.run = run
        self.stack = stack
        self.host = host
        self.version = version
        self.commit = commit
        self.began = began
        self.ended = ended
        self.isFinal = isFinal
        self.images = images
        self.volumes = volumes
        self.plan = plan
    }

    /// In the storage: of every part of every volume.
    public var bytes: Int64 { volumes.values.flatMap(\.parts).reduce(0) { $0 + $1.bytes } }
}

/// One data directory in a backup: a stream, compressed with zstd and encrypted with age, cut into parts.
public struct VolumeArchive: Codable, Hashable, Sendable {
    public enum Content: String, Codable, Sendable {
        /// A tar of the directory.
        case files
        /// What the container's own command wrote.
        case dump
    }

    public var content: Content
    /// A vendor's vanilla backup, which is for everybody, is not.
    public var isEncrypted: Bool
    /// In their order: together they are the stream.
    public var parts: [BackupPart]
    /// What takes a dump in again.
    public var load: [String]?

    public init(content: Content, isEncrypted: Bool = true, parts: [BackupPart], load: [String]? = nil) {
        self.content = content
        self.isEncrypted = isEncrypted
        self.parts = parts
        self.load = load
    }
}

/// An object of a backup.
public struct BackupPart: Codable, Hashable, Sendable {
    /// Beside the manifest.
    public var name: String
    public var bytes: Int64
    /// 64 hexadecimal digits.
    public var sha256: String

    public init(name: String, bytes: Int64, sha256: String) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
    }
}
