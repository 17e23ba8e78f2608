/// One container of a resolved plan.
public struct ContainerPlan: Codable, Hashable, Sendable {
    public var image: ImageSource
    /// Replaces the image's entry point.
    public var entrypoint: [SecretFreeText]?
    /// Replaces the image's command.
    public var command: [SecretFreeText]?
    public var environment: [String: SecretText]
    public var volumes: [VolumePlan]
    public var files: [FilePlan]
    public var secretFiles: [SecretFilePlan]
    /// Names of containers that must be healthy before this one starts.
    public var dependsOn: [String]
    /// Those of them with which this one is restarted; absent: none.
    public var restartWith: [String]?
    public var ports: [PortMapping]
    public var health: HealthPlan?
    public var liveness: LivenessPlan?
    public var resources: ResourcePlan
    /// How long the container has after its stop signal before it is killed.
    public var stopTimeout: PlanDuration
    /// An init process as PID 1, so that signals arrive and zombies are reaped.
    public var `init`: Bool
    /// `user[:group]`, names or numbers.
    public var user: String?
    public var workingDirectory: String?
    public var hostname: String?
    /// Linux capabilities added to or dropped from the default set, without `CAP_`.
    public var capabilities: CapabilityPlan
    public var privileged: Bool
    /// Set-uid programs and file capabilities count in it; absent: no.
    public var allowPrivilegeEscalation: Bool?
    /// Whose user ids its processes have; absent: the host's.
    public var userns: UserNamespace?
    /// The container's own file system cannot be written.
    public var readOnly: Bool
    /// Absolute paths inside the container that are memory file systems.
    public var tmpfs: [String]
    public var labels: [String: String]
    /// Absent: systemd's journal where the host has one, else a file of the engine.
    public var logs: ContainerLogPlan?

    public init(
        image: ImageSource, entrypoint: [String]? = nil, command: [String]? = nil,
        environment: [String: SecretText] = [:], volumes: [VolumePlan] = [], files: [FilePlan] = [],
        secretFiles: [SecretFilePlan] = [], dependsOn: [String] = [], ports: [PortMapping] = [],
        health: HealthPlan? = nil, liveness: LivenessPlan? = nil, resources: ResourcePlan = ResourcePlan(),
        stopTimeout: PlanDuration = .seconds(10), init initProcess: Bool = true, user: String? = nil,
        workingDirectory: String? = nil, hostname: String? = nil, capabilities: CapabilityPlan = CapabilityPlan(),
        privileged: Bool = false, readOnly: Bool = false, tmpfs: [String] = [], labels: [String: String] = [:]
    ) {
        self.image = image
        self.entrypoint = entrypoint
        self.command = command
        self.environment = environment
        self.volumes = volumes
        self.files = files
        self.secretFiles = secretFiles
        self.dependsOn = dependsOn
        self.ports = ports
        self.health = health
        self.liveness = liveness
        self.resources = resources
        self.stopTimeout = stopTimeout
        self.`init` = initProcess
        self.user = user
        self.workingDirectory = workingDirectory
        self.hostname = hostname
        self.capabilities = capabilities
        self.privileged = privileged
        self.readOnly = readOnly
        self.tmpfs = tmpfs
        self.labels = labels
    }
}

/// A text in which references to secrets are refused, because it is visible to every user of the host.
public typealias SecretFreeText = String

/// Where an image comes from.
public enum ImageSource: Codable, Hashable, Sendable {
    case reference(ImageReference)
    case archive(ImageArchive)
    case build(BuildContext)
}

/// A `docker-archive` or `oci-archive` tar, plain or compressed with gzip or zstd.
public struct ImageArchive: Codable, Hashable, Sendable {
    /// `file:///path`, `https://…` or `ssh://[user@]host[:port]/path`.
    public var url: String
    /// 64 hexadecimal digits: the digest of the file as it is stored, compressed.
    public var sha256: String

    public init(url: String, sha256: String) {
        self.url = url
        self.sha256 = sha256
    }
}

/// A directory of the customer repo with a `Containerfile` or `Dockerfile`.
public struct BuildContext: Codable, Hashable, Sendable {
    /// In the repo: `images/web`.
    public var path: String
    /// Digest over the content of the directory, so that a changed file is a changed plan.
    public var contentDigest: String

    public init(path: String, contentDigest: String) {
        self.path = path
        self.contentDigest = contentDigest
    }

    /// What the image is called on the host that is built for `container`.
    public func imageName(of container: String, in stack: String) -> String {
        "localhost/fairlead/\(stack)-\(container):\(contentDigest.suffix(64).prefix(16))"
    }
}

/// A directory of the host, or a part of the vendor's release, that is mounted.
public struct VolumePlan: Codable, Hashable, Sendable {
    public enum Source: Codable, Hashable, Sendable {
        /// A directory below `DATA-ROOT/STACK`, created when missing, never altered when it exists.
        case data(String)
        /// An existing directory of the host that the VSN's policy allows.
        case path(String)
        /// A file or a directory of the vendor's files of the plan's version, `.` for all of them; never written.
        case release(String)
    }

    public var source: Source
    /// Absolute path inside the container.
    public var target: String
    /// `uid:gid` of a newly created data directory.
    public var owner: FileOwner?
    /// Octal permission of a newly created data directory.
    public var mode: FileMode?
    public var readOnly: Bool
    /// How the data directory is saved; absent: as the image's labels say, else by pausing the container.
    public var backup: VolumeBackup?
    /// The service leaves the data directory empty at times, so that it is started on an empty one too; absent: no.
    public var mayBeEmpty: Bool?
    /// The name that the data directory had before.
    public var formerly: String?
    /// It may take the place of another data directory with nothing in it; absent: no.
    public var startEmpty: Bool?

    public init(
        source: Source, target: String, owner: FileOwner? = nil, mode: FileMode? = nil, readOnly: Bool = false,
        backup: VolumeBackup? = nil, mayBeEmpty: Bool? = nil, formerly: String? = nil, startEmpty: Bool? = nil
    ) {
        self.source = source
        self.target = target
        self.owner = owner
        self.mode = mode
        self.readOnly = readOnly
        self.backup = backup
        self.mayBeEmpty = mayBeEmpty
        self.formerly = formerly
        self.startEmpty = startEmpty
    }
}

/// A static file or directory of the customer repo, mounted read-only.
public struct FilePlan: Codable, Hashable, Sendable {
    /// In the repo, below `files/`.
    public var source: String
    public var target: String
    /// Digest over the content, so that a changed file is a changed plan.
    public var contentDigest: String

    public init(source: String, target: String, contentDigest: String) {
        self.source = source
        self.target = target
        self.contentDigest = contentDigest
    }
}

/// A secret that is mounted as a file.
public struct SecretFilePlan: Codable, Hashable, Sendable {
    public var secret: String
    public var target: String
    public var owner: FileOwner?
    public var mode: FileMode?

    public init(secret: String, target: String, owner: FileOwner? = nil, mode: FileMode? = nil) {
        self.secret = secret
        self.target = target
        self.owner = owner
        self.mode = mode
    }
}

public struct CapabilityPlan: Codable, Hashable, Sendable {
    public var add: [String]
    public var drop: [String]

    public init(add: [String] = [], drop: [String] = []) {
        self.add = add
        self.drop = drop
    }

    /// Without what engines give every container and hardly any service needs, unless it is added here.
    public var confined: Self {
        guard !drop.contains("ALL"), !add.contains("ALL") else { return self }
        return Self(add: add, drop: drop + LinuxCapability.dispensable.subtracting(drop + add).sorted())
    }
}

/// Limits of one container; absent means unlimited.
public struct ResourcePlan: Codable, Hashable, Sendable {
    public var memory: ByteCount?
    /// In cores; 0.5 is half of one.
    public var cpus: Double?
    /// Processes and threads.
    public var pids: Int64?

    public init(memory: ByteCount? = nil, cpus: Double? = nil, pids: Int64? = nil) {
        self.memory = memory
        self.cpus = cpus
        self.pids = pids
    }
}
