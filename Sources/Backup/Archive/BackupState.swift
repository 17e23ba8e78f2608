public import Files
internal import FoundationEssentials
internal import Glibc
public import Model

/// How backups went on this host: `STATE/backup/state.json`.
public struct BackupState: Codable, Hashable, Sendable {
    public struct Attempt: Codable, Hashable, Sendable {
        public var began: Timestamp
        public var ended: Timestamp
        /// What it made; absent when it failed.
        public var run: BackupRunID?
        /// One line for people.
        public var summary: String
        /// Attempts that failed since the last one that did not. One that lacks a data directory counts where another try
        /// may bring it.
        public var failures: Int
        /// Why data directories are not in the run, by name; absent when it is complete.
        public var incomplete: [String: String]?
        /// Of those that are much smaller than they were, in words.
        public var shrunk: [String: String]?

        public init(
            began: Timestamp, ended: Timestamp, run: BackupRunID?, summary: String, failures: Int = 0,
            incomplete: [String: String]? = nil, shrunk: [String: String]? = nil
        ) {
            self.incomplete = incomplete
            self.shrunk = shrunk
            self.began = began
            self.ended = ended
            self.run = run
            self.summary = summary
            self.failures = failures
        }
    }

    /// The last copy of the data into the spool.
    public var copy: Attempt?
    /// The last delivery to each target; its run is the newest that the target has.
    public var targets: [String: Attempt]

    /// The last delivery of a release's files to each target; `nil` before the first one.
    public var releases: [String: Release]?

    public struct Release: Codable, Hashable, Sendable {
        public var version: String
        public var ended: Timestamp
        /// One line for people.
        public var summary: String
        /// Attempts that failed since the last one that did not.
        public var failures: Int

        public init(version: String, ended: Timestamp, summary: String, failures: Int = 0) {
            self.version = version
            self.ended = ended
            self.summary = summary
            self.failures = failures
        }
    }

    /// The targets of `plan` that lack the files of `version` and may be tried at `now`; all that lack them without it.
    public func releaseDue(_ plan: BackupPlan, version: String, now: Timestamp?) -> Set<String> {
        guard plan.vendor != nil else { return [] }
        return Set(plan.targets.keys).filter { name in
            guard let last = releases?[name], last.version == version else { return true }
            guard last.failures > 0, let now else { return last.failures > 0 }
            return Self.backoff.isOver(after: last.failures, since: last.ended, at: now)
        }
    }

    public init(copy: Attempt? = nil, targets: [String: Attempt] = [:]) {
        self.copy = copy
        self.targets = targets
    }

    /// An empty one where nothing was done yet, or the file is damaged: it is for people and for the time of the next
    /// attempt.
    public static func read(stateDirectory: String) -> Self {
        RecordFile(name: "state", in: stateDirectory).read() ?? Self()
    }

    public func write(stateDirectory: String) throws(HostError) {
        try RecordFile(name: "state", in: stateDirectory).write(self)
    }

    /// Of copies, deliveries and the vendor's files. Nobody is told of a few copies that made way for deployments.
    public static let backoff = Backoff(attempts: 3, firstDelay: .seconds(300), longestDelay: .seconds(3600))
}

/// How the last rehearsal of a recovery went on this host: `STATE/backup/drill.json`. A file of its own, since a drill
/// and a backup may run at the same time.
public struct DrillState: Codable, Hashable, Sendable {
    /// Its run is the newest one that it used.
    public var attempt: BackupState.Attempt
    /// It failed for a reason that may pass by itself, such as a storage that did not answer.
    public var mayPass: Bool

    public init(_ attempt: BackupState.Attempt, mayPass: Bool) {
        self.attempt = attempt
        self.mayPass = mayPass
    }

    /// `nil` where there was none yet, or the file is damaged.
    public static func read(stateDirectory: String) -> Self? { RecordFile(name: "drill", in: stateDirectory).read() }

    public func write(stateDirectory: String) throws(HostError) {
        try RecordFile(name: "drill", in: stateDirectory).write(self)
    }

    /// Forgets the last one, where no other will follow.
    public static func remove(stateDirectory: String) throws(HostError) {
        try RecordFile(name: "drill", in: stateDirectory).remove()
    }
}

/// One value in a file of its own.
struct RecordFile {
    let path: String

    init(name: String, in stateDirectory: String) { path = "\(stateDirectory)/backup/\(name).json" }

    func read<Value: Decodable>() -> Value? {
        let bytes = (try? Descriptor(path, O_RDONLY).read(limit: 1 << 20)) ?? []
        return try? JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    func write(_ value: some Encodable) throws(HostError) {
        try PathName.createDirectories(PathName.directory(of: path))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let bytes = try? encoder.encode(value) else { return }
        try AtomicFile.write(Array(bytes), to: path)
    }

    func remove() throws(HostError) { try AtomicFile.remove(path) }
}
