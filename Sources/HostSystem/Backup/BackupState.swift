internal import FoundationEssentials
internal import Glibc
public import Planning

/// How backups went on this host: `STATE/backup/state.json`.
public struct BackupState: Codable, Hashable, Sendable {
    public struct Attempt: Codable, Hashable, Sendable {
        public var began: Timestamp
        public var ended: Timestamp
        /// What it made; absent when it failed.
        public var run: BackupRunID?
        /// One line for people.
        public var summary: String
        /// Attempts that failed since the last one that did not.
        public var failures: Int

        public init(began: Timestamp, ended: Timestamp, run: BackupRunID?, summary: String, failures: Int = 0) {
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
    public var drill: Attempt?

    public init(copy: Attempt? = nil, targets: [String: Attempt] = [:], drill: Attempt? = nil) {
        self.copy = copy
        self.targets = targets
        self.drill = drill
    }

    private static func path(_ stateDirectory: String) -> String { "\(stateDirectory)/backup/state.json" }

    /// An empty one where nothing was done yet, or the file is damaged: it is for people and for the time of the next
    /// attempt.
    public static func read(stateDirectory: String) -> Self {
        let bytes = (try? Descriptor(path(stateDirectory), O_RDONLY).read(limit: 1 << 20)) ?? []
        return (try? JSONDecoder().decode(Self.self, from: Data(bytes))) ?? Self()
    }

    public func write(stateDirectory: String) throws(HostError) {
        let path = Self.path(stateDirectory)
        try PathName.createDirectories(PathName.directory(of: path))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let bytes = try? encoder.encode(self) else { return }
        try AtomicFile.write(Array(bytes), to: path)
    }

    /// When to try again after `failures` in a row: after 5, 10, 20 minutes and so on, and then every hour.
    public static func pause(after failures: Int) -> Duration {
        .seconds(min(3600, 300 << min(max(failures - 1, 0), 8)))
    }
}
