/// The data of a stack as it was before a deployment changed it, kept on its own host beside what is in use.
public struct DataSnapshot: Codable, Hashable, Sendable {
    public enum Origin: String, Codable, Sendable {
        /// Copied when the stack was stopped, before anything newer was started.
        case copied
        /// Moved out of the way by a roll back.
        case setAside = "set aside"
    }

    public var run: BackupRunID
    public var origin: Origin
    /// The one that it was made before, or that set it aside.
    public var deployment: Int64
    public var stack: String
    /// What wrote the data and counted as deployed; absent when nothing did.
    public var state: DeployedState?
    /// The data directories that it holds.
    public var volumes: [String]
    /// Data directories of the plan that came after, which did not exist.
    public var absent: [String]
    /// Data directories that it does not hold: a roll back leaves them as they are then.
    public var leftOut: [String]
    /// Those of `volumes` that held something; absent in copies of an older Fairlead.
    public var held: [String]?
    /// File systems that were mounted below its data directories, which it does not hold, such as `db/archive`; absent in
    /// copies of an older Fairlead.
    public var below: [String]?
    /// What the copy took of the disk, and of the time in which the stack was stopped.
    public var bytes: Int64
    public var milliseconds: Int64
    /// What a roll back put in place of this.
    public var replacement: Replacement?

    public struct Replacement: Codable, Hashable, Sendable {
        public var run: BackupRunID
        public var state: DeployedState?

        public init(run: BackupRunID, state: DeployedState?) {
            self.run = run
            self.state = state
        }
    }

    public init(
        run: BackupRunID, origin: Origin, deployment: Int64, stack: String, state: DeployedState?,
        volumes: [String] = [], absent: [String] = [], leftOut: [String] = [], bytes: Int64 = 0,
        milliseconds: Int64 = 0, replacement: Replacement? = nil
    ) {
        self.run = run
        self.origin = origin
        self.deployment = deployment
        self.stack = stack
        self.state = state
        self.volumes = volumes
        self.absent = absent
        self.leftOut = leftOut
        self.bytes = bytes
        self.milliseconds = milliseconds
        self.replacement = replacement
    }

    public var cost: SnapshotCost { SnapshotCost(run: run, bytes: bytes, milliseconds: milliseconds) }
}

/// What a copy before a deployment cost.
public struct SnapshotCost: Codable, Hashable, Sendable {
    public var run: BackupRunID
    public var bytes: Int64
    public var milliseconds: Int64

    public init(run: BackupRunID, bytes: Int64, milliseconds: Int64) {
        self.run = run
        self.bytes = bytes
        self.milliseconds = milliseconds
    }
}

extension [DataSnapshot] {
    /// Those that go where `keep` copies are kept: the older ones of each origin, since what a failed version left must not
    /// displace what it was started on. `coming`: so many copies are about to be made.
    public func surplus(keep: Int, coming: Int = 0) -> [DataSnapshot] {
        [DataSnapshot.Origin.copied, .setAside].flatMap { origin in
            let room = origin == .copied ? Swift.max(0, keep - coming) : keep
            return filter { $0.origin == origin }.sorted { $0.run > $1.run }.dropFirst(room)
        }
    }
}
