public import Model
internal import Processes

/// Where things lie on this host, and what it must offer.
public struct HostConfiguration: Sendable {
    /// The journal, the lock and the digest key. Made with mode 0700 when missing.
    public var stateDirectory: String
    /// Data directories lie at `DATA-ROOT/STACK/NAME`.
    public var dataRoot: String
    /// Mounted secrets; lies in memory.
    public var runtimeDirectory: String
    /// For programs that are found by name.
    public var commandPath: String
    /// What the engine writes: synced with the state directory, and checked for free space.
    public var engineStorage: [String]
    /// An age identity, or an SSH private key, that unlocks `secrets.json.age` of the customer repo.
    public var ageIdentity: String?
    /// A further identity that opens backups, for the time of a recovery.
    public var recoveryIdentity: String?
    /// An SSH private key that signs backups.
    public var signingKey: String
    /// A JSON object of the VSN's own secrets; needs not exist.
    public var secretsFile: String?
    /// On every file system that a deployment writes to.
    public var minimumFreeSpace: ByteCount
    /// The data root must be a mounted file system: an unmounted disk would let services start with empty data.
    public var requiresMountedDataRoot: Bool
    /// Mounted secrets are refused when the runtime directory is on a disk.
    public var requiresMemoryForSecrets: Bool
    public var requiresRoot: Bool
    /// Names that have to resolve, such as that of the git server: settings after which they do not are taken back.
    public var essentialNames: [String]
    /// For storages and whatever else is reached by http or https.
    public var proxy: WebProxy?
    /// The host's entry in the customer repo is the one of the host's name, so that the name cannot change freely.
    public var entryFollowsHostName: Bool
    /// Where units of systemd lie that are the host's own.
    package var unitDirectory = "/etc/systemd/system"
    /// Where systemd's journal listens while it runs.
    package var journalSocket = "/run/systemd/journal/socket"
    /// Left in a data root that has none; none when absent.
    public var mark: MachineMark?
    /// Options of rclone's remotes of this host's owner, by the name that plans have for them.
    public var remotes: [String: [String: String]] = [:]
    /// The program of Fairlead, which confines the programs that read and write backups; absent: they run as they are.
    public var confiner: String?

    public static let standardSigningKey = "/etc/ssh/ssh_host_ed25519_key"
    public static let standardCommandPath = Command.plainEnvironment["PATH"] ?? ""

    public init(
        stateDirectory: String = "/var/lib/fairlead", dataRoot: String = "/srv/fairlead",
        runtimeDirectory: String = "/run/fairlead", commandPath: String = HostConfiguration.standardCommandPath,
        engineStorage: [String] = ["/var/lib/containers/storage"],
        ageIdentity: String? = nil, recoveryIdentity: String? = nil,
        signingKey: String = HostConfiguration.standardSigningKey, secretsFile: String? = nil,
        minimumFreeSpace: ByteCount = ByteCount(bytes: 1 << 30), requiresMountedDataRoot: Bool = false,
        requiresMemoryForSecrets: Bool = true, requiresRoot: Bool = true, essentialNames: [String] = [],
        proxy: WebProxy? = nil, entryFollowsHostName: Bool = false, mark: MachineMark? = nil
    ) {
        self.stateDirectory = stateDirectory
        self.dataRoot = dataRoot
        self.runtimeDirectory = runtimeDirectory
        self.commandPath = commandPath
        self.engineStorage = engineStorage
        self.ageIdentity = ageIdentity
        self.recoveryIdentity = recoveryIdentity
        self.signingKey = signingKey
        self.secretsFile = secretsFile
        self.minimumFreeSpace = minimumFreeSpace
        self.requiresMountedDataRoot = requiresMountedDataRoot
        self.requiresMemoryForSecrets = requiresMemoryForSecrets
        self.requiresRoot = requiresRoot
        self.essentialNames = essentialNames
        self.proxy = proxy
        self.entryFollowsHostName = entryFollowsHostName
        self.mark = mark
    }
}
