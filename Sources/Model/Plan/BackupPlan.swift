/// What is saved from the host every day, and where it goes.
public struct BackupPlan: Codable, Hashable, Sendable {
    /// Five crontab fields, in the VSN's time zone.
    public var schedule: String
    /// When a recovery is rehearsed: five crontab fields; never when absent.
    public var drill: String?
    /// Public keys of age or SSH (`ssh-ed25519`, `ssh-rsa`) that can open the backups, beside the VSN's own.
    public var recipients: [String]
    /// Public SSH keys of the hosts whose backups are trusted, beside the VSN's own.
    public var signers: [String]
    /// By name; every run goes to each of them.
    public var targets: [String: BackupTarget]
    /// What an empty data directory is filled with.
    public var restore: RestorePolicy
    /// Where the vendor keeps a release's files and its vanilla backup.
    public var vendor: VendorPlan?
    /// Below which percentage of what it was before a data directory is told of; 0: never; absent: the standard.
    public var shrinkAlert: Int?
    /// The copies of the data that are made on the host before a deployment changes the stack; absent in older plans.
    public var beforeDeploy: BeforeDeploy?

    public static let standardSchedule = "0 2 * * *"

    public init(
        schedule: String = BackupPlan.standardSchedule, drill: String? = nil, recipients: [String],
        signers: [String] = [],
        targets: [String: BackupTarget], restore: RestorePolicy = .newest, vendor: VendorPlan? = nil,
        shrinkAlert: Int? = nil, beforeDeploy: BeforeDeploy? = nil
    ) {
        self.schedule = schedule
        self.drill = drill
        self.recipients = recipients
        self.signers = signers
        self.targets = targets
        self.restore = restore
        self.vendor = vendor
        self.shrinkAlert = shrinkAlert
        self.beforeDeploy = beforeDeploy
    }

    public var shrinkRule: ShrinkRule { ShrinkRule(percent: shrinkAlert ?? ShrinkRule.standard) }
}

/// How many copies of the data, each from before a deployment, are kept on the host.
public struct BeforeDeploy: Codable, Hashable, Sendable {
    /// None is made when it is 0.
    public var keep: Int

    public static let standard = Self(keep: 1)

    public init(keep: Int) { self.keep = keep }
}

extension ResolvedPlan {
    /// Of the copies from before a deployment; without a `backup` section none is made, and those that are there stay.
    public var keptSnapshots: Int { (backup?.beforeDeploy ?? .standard).keep }
    public var makesSnapshots: Bool { backup != nil && keptSnapshots > 0 }
}

/// A place that takes backups.
public struct BackupTarget: Codable, Hashable, Sendable {
    public enum Store: Codable, Hashable, Sendable {
        /// A remote of rclone by its options, `type` among them, and the path on it.
        case rclone(options: [String: SecretText], path: String)
        /// A remote that the host's configuration has under this name, and the path on it.
        case remote(String, path: String)
        /// An absolute path on the host, on a mounted file system of its own unless `local`.
        case directory(String, local: Bool)
    }

    public var store: Store
    /// How long every object has to be locked after its upload (S3 object lock); absent: not checked.
    public var lock: PlanDuration?
    /// The most that an upload may take of the network, in bytes per second.
    public var bandwidth: ByteCount?
    /// What Fairlead mounts for it; its directory lies there.
    public var mount: MountPlan?

    public init(
        store: Store, lock: PlanDuration? = nil, bandwidth: ByteCount? = nil, mount: MountPlan? = nil
    ) {
        self.store = store
        self.lock = lock
        self.bandwidth = bandwidth
        self.mount = mount
    }
}

/// The vendor's storage: `releases/VERSION/files` and `releases/VERSION/vanilla`.
public struct VendorPlan: Codable, Hashable, Sendable {
    public var target: BackupTarget
    /// Public SSH keys that sign what lies there.
    public var signers: [String]

    public init(target: BackupTarget, signers: [String]) {
        self.target = target
        self.signers = signers
    }
}

/// What an empty data directory is filled with.
public enum RestorePolicy: Codable, Hashable, Sendable {
    /// The newest valid run of this stack, else the vendor's vanilla backup, else nothing.
    case newest
    /// Likewise, and never nothing: what no backup holds is an error.
    case required
    /// This run and no other.
    case run(String)
    /// It stays empty.
    case never
}

/// How one data directory is saved. What is absent comes from the labels of the image, then from the defaults.
public struct VolumeBackup: Codable, Hashable, Sendable {
    public enum Mode: String, Codable, Sendable {
        /// A command in the container writes a dump, another one takes it in.
        case hook
        /// The container is paused while its files are copied to a local spool.
        case pause
        /// The container is stopped while its files are copied.
        case stop
        /// The files are copied while the container writes them.
        case live
        /// It is not saved.
        case none
    }

    /// What makes a copy of files something that can be sent.
    public enum Engine: String, Codable, Sendable {
        /// Everything, each time, as one stream.
        case tar
        /// What changed since the last run; everything again after some weeks.
        case restic
    }

    public var mode: Mode?
    public var engine: Engine?
    /// Run in the container without a shell; its standard output is the dump.
    public var dump: [String]?
    /// Run in the container without a shell once it is healthy; reads the dump from its standard input.
    public var load: [String]?
    /// Patterns of `tar` for what is left out, relative to the data directory.
    public var exclude: [String]
    /// Paths relative to the data directory; all of it when empty.
    public var include: [String]
    /// How long the dump may take; absent: the standard.
    public var timeout: PlanDuration?

    public static let standardTimeout = PlanDuration.seconds(3600)

    public init(
        mode: Mode? = nil, engine: Engine? = nil, dump: [String]? = nil, load: [String]? = nil,
        exclude: [String] = [], include: [String] = [], timeout: PlanDuration? = nil
    ) {
        self.timeout = timeout
        self.mode = mode
        self.engine = engine
        self.dump = dump
        self.load = load
        self.exclude = exclude
        self.include = include
    }
}

extension VolumeBackup {
    /// What is wrong with it for an engine that has no patterns, and sends files; `nil` when nothing is.
    public var engineProblem: (message: String, hint: String)? {
        guard engine == .restic else { return nil }
        if mode == .hook || dump != nil {
            return ("a dump cannot be saved with the engine 'restic'", "remove 'engine', or the dump and mode 'hook'")
        }
        if !include.isEmpty {
            return ("'include' does not work with the engine 'restic'", "name what is to be left out in 'exclude'")
        }
        let pattern = exclude.first { text in
            (text.hasSuffix("/*") ? text.dropLast(2) : text[...]).contains { "*?[\\".contains($0) }
        }
        return pattern.map {
            ("the pattern '\($0)' does not work with the engine 'restic'", "write a path, or a path and '/*'")
        }
    }
}

extension BackupPlan {
    /// How long runs may build on each other with the engine `restic`: a run that is the last of its line needs objects
    /// that are older than itself by so much, and so unlocked earlier.
    public var longestLine: Duration {
        let month = Duration.seconds(30 * 86_400)
        let locks = targets.values.compactMap { $0.lock.map { Duration.milliseconds($0.milliseconds / 4) } }
        return min(month, locks.min() ?? month)
    }

    /// Whether a storage is opened with a secret.
    public var refersToSecrets: Bool { secretTexts.contains { !$0.references.isEmpty } }

    /// Texts that may refer to secrets.
    package var secretTexts: [SecretText] {
        (Array(targets.values) + [vendor?.target].compactMap(\.self)).flatMap(\.secretTexts)
    }
}

extension BackupTarget {
    fileprivate var secretTexts: [SecretText] {
        let user = [mount?.username, mount?.password].compactMap(\.self)
        guard case .rclone(let options, _) = store else { return user }
        return Array(options.values)
    }
}
