/// What one backup of a host holds: signed, and uploaded last, so that a run without a valid one is no backup.
///
/// In the storage: `STACK/HOST/RUN/manifest.json` beside its signature `manifest.json.sig` and the parts.
public struct BackupManifest: Codable, Hashable, Sendable {
    public static let fileName = "manifest.json"
    public static let signatureName = "manifest.json.sig"
    /// Of this program; a manifest with a higher one is refused.
    public static let currentFormat = 3

    public var format: Int
    public var run: BackupRunID
    public var stack: EntryName
    /// The host's name in the customer repo.
    public var host: EntryName
    public var version: String
    /// What was deployed; absent when nothing was.
    public var commit: CommitID?
    /// What the host had accepted last where commits are verified, and who signed it: a host that is restored takes no
    /// older state.
    public var accepted: AcceptedCommit?
    /// Which list of signers counted then, where lists may come from the repo: a host that is restored believes no older one.
    public var signerList: Int?
    /// The end of the host's journal, so that one that is changed later can be told; absent in runs of an older fairlead.
    public var journal: JournalHead?
    /// How many runs the host had made with this one, and the newest of them that was in one of its targets: what is gone can be
    /// told by that. Absent in runs of an older fairlead, the latter in the first one, too.
    public var number: Int64?
    public var previous: RunLink?
    public var began: Timestamp
    public var ended: Timestamp
    /// To which host the stack moves, in the last run of the one that it leaves.
    public var successor: Successor?
    /// Digests of the images that ran, by container.
    public var images: [String: String]
    /// By the name of the data directory.
    public var volumes: [DataName: VolumeArchive]
    /// Why data directories that the plan has are not in `volumes`, by name; absent when nothing is wrong.
    public var incomplete: [String: String]?
    /// The data directories that were empty, as they may be, so that older runs tell nothing of them; absent for none, and in
    /// runs of an older fairlead.
    public var empty: [String]?
    /// The plan that was deployed; secrets are references in it.
    public var plan: ResolvedPlan

    public init(
        run: BackupRunID, stack: EntryName, host: EntryName, version: String, commit: CommitID?, began: Timestamp,
        ended: Timestamp, successor: Successor? = nil, images: [String: String], volumes: [DataName: VolumeArchive],
        incomplete: [String: String] = [:], plan: ResolvedPlan
    ) {
        // What has no repository can be read by a fairlead that knows none; one that does not know that a run can lack
        // something must not take this one for whole.
        format = !incomplete.isEmpty ? 3 : volumes.values.contains { $0.content == .repository } ? 2 : 1
        self.incomplete = incomplete.isEmpty ? nil : incomplete
        self.run = run
        self.stack = stack
        self.host = host
        self.version = version
        self.commit = commit
        self.began = began
        self.ended = ended
        self.successor = successor
        self.images = images
        self.volumes = volumes
        self.plan = plan
    }

    /// In the storage: of every part of every volume, without the runs that this one builds on.
    public var bytes: Int64 { volumes.values.flatMap(\.parts).reduce(0) { $0 + $1.bytes } }

    /// What it lacks, for people; `nil` when it is complete.
    public var gap: String? {
        guard let incomplete else { return nil }
        return "incomplete: " + incomplete.sorted { $0.key < $1.key }.map { "'\($0)' \($1)" }.joined(separator: "; ")
    }

    /// Of the data directories in `volumes`, sorted.
    public var dataNames: [String] { volumes.keys.map(\.description).sorted() }

    /// What it holds of the data directory `name`.
    public func archive(of name: String) -> VolumeArchive? { DataName(name).flatMap { volumes[$0] } }

    /// What an operator should know of its data directories, by name.
    public var notes: [String: [String]] {
        volumes.reduce(into: [:]) { notes, volume in notes[volume.key.description] = volume.value.notes }
    }

    /// Of data directories that are much smaller than in an earlier run, in words, by name.
    public var shrunk: [String: String] {
        volumes.reduce(into: [:]) { shrunk, volume in shrunk[volume.key.description] = volume.value.shrinkWords }
    }

    /// The runs of the same host without which this one is not whole.
    public var base: Set<BackupRunID> { Set(volumes.values.flatMap(\.earlier).map(\.run)) }
}

/// One data directory in a backup: a stream, compressed and encrypted with age, cut into parts.
public struct VolumeArchive: Codable, Hashable, Sendable {
    public enum Content: String, Codable, Sendable {
        /// A tar of the directory.
        case files
        /// What the container's own command wrote.
        case dump
        /// A tar of what came new into a repository of restic; with those of the earlier runs it is the repository.
        case repository
    }

    public var content: Content
    /// A vendor's vanilla backup, which is for everybody, is not.
    public var isEncrypted: Bool
    /// In their order: together they are the stream.
    public var parts: [BackupPart]
    /// What takes a dump in again.
    public var load: [String]?
    /// Of a repository.
    public var snapshot: BackupSnapshot?
    /// How much was read; absent in runs of an older fairlead.
    public var read: DataExtent?
    /// What an operator should know of it, such as that it changed while it was read. Everybody who can read the storage
    /// can read it: no name of a file, nothing that a command said.
    public var notes: [String]?
    /// It is much smaller than it was.
    public var shrunk: DataShrink?

    public init(
        content: Content, isEncrypted: Bool = true, parts: [BackupPart], load: [String]? = nil,
        snapshot: BackupSnapshot? = nil, read: DataExtent? = nil, notes: [String] = [], shrunk: DataShrink? = nil
    ) {
        self.read = read
        self.notes = notes.isEmpty ? nil : notes
        self.shrunk = shrunk
        self.content = content
        self.isEncrypted = isEncrypted
        self.parts = parts
        self.load = load
        self.snapshot = snapshot
    }

    /// For people; `nil` when it is as big as it should be.
    public var shrinkWords: String? {
        guard let shrunk, let read else { return nil }
        return "\(read.words), but \(shrunk.before.words) in run \(shrunk.run)"
    }

    /// The streams that come before this one, oldest first.
    public var earlier: [BackupStream] { snapshot?.earlier ?? [] }

    /// All that it is made of, oldest first; `run` is the one that it belongs to.
    public func streams(of run: BackupRunID) -> [BackupStream] { earlier + [BackupStream(run: run, parts: parts)] }

    /// In the storage: with what it builds on.
    public var bytes: Int64 { (earlier.flatMap(\.parts) + parts).reduce(0) { $0 + $1.bytes } }
}
