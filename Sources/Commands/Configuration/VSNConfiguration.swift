public import Model

/// What Fairlead knows about its host; `config.schema.json` documents every key and holds the defaults.
public struct VSNConfiguration: Codable, Hashable, Sendable {
    public struct Repository: Codable, Hashable, Sendable {
        public var url: String
        public var branch: String
        public var fallbackUrls: [String]
        public var sshKey: String?
        public var knownHosts: String?
        public var tokenFile: String?
        public var username: String?
        public var caFile: String?
        public var timeout: PlanDuration
        public var maxDuration: PlanDuration
        public var maxPackSize: ByteCount
        public var requireFastForward: Bool
    }

    public struct Proxy: Codable, Hashable, Sendable {
        /// None is used when absent.
        public var url: String?
        public var noProxy: [String]
        public var username: String?
        public var passwordFile: String?
    }

    public struct Engine: Codable, Hashable, Sendable {
        public var socket: String
        public var environment: [String: String]
        public var storage: String
        public var parallelism: Int
    }

    public struct Retry: Codable, Hashable, Sendable {
        public var attempts: Int
        public var firstDelay: PlanDuration
        public var longestDelay: PlanDuration
    }

    public var repository: Repository
    public var proxy: Proxy
    public var host: String
    /// `host` was not configured, so that it is the name of the system: added by whoever reads the configuration.
    public var followsHostName: Bool?
    public var interval: PlanDuration
    public var jitter: PlanDuration
    public var staleAfter: PlanDuration
    public var takeOverWait: PlanDuration
    public var stateDirectory: String
    public var dataRoot: String
    public var runtimeDirectory: String
    public var logDirectory: String
    public var engine: Engine
    public var exclusive: Bool
    public var ageIdentity: String?
    public var recoveryIdentity: String?
    public var signingKey: String
    public var secretsFile: String?
    public var mailCaFile: String?
    public var ownerMail: OwnerMail
    public var retry: Retry
    public var stabilityPeriod: PlanDuration
    public var minimumFreeSpace: ByteCount
    /// Options of rclone's remotes, by the name that plans have for them.
    public var remotes: [String: [String: String]]
    public var trust: TrustSettings
    public var policy: VSNPolicy
}

extension VSNConfiguration {
    public static let standardFile = "/etc/fairlead/config.json"

    public var journalFile: String { "\(stateDirectory)/journal.sqlite" }
    public var lockFile: String { "\(runtimeDirectory)/lock" }
    /// Held while people are told of incidents, so that no two processes tell the same.
    var notificationLock: String { "\(stateDirectory)/notifications.lock" }
}
