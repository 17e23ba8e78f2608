/// A plan after size, host overlay, variables and hotfixes: what is compared, deployed and saved.
///
/// Secrets stay references. Two equal values mean that nothing has to be deployed (beside rotated secrets).
/// Encoded with sorted keys it is the saved plan of the journal; absent optional keys are left out.
public struct ResolvedPlan: Codable, Hashable, Sendable {
    public var stack: String
    public var version: String
    /// The name of the host entry, `hosts/NAME.json`.
    public var host: String
    public var size: String?
    /// By registry host, as it stands in image references.
    public var registries: [String: RegistryLogin]
    public var network: NetworkPlan
    /// The active containers by name.
    public var containers: [String: ContainerPlan]
    /// Image references that replace those of the containers of these names; not applied to `containers`.
    public var hotfixes: [String: ImageReference]
    public var maintenance: MaintenancePlan?
    public var mail: MailPlan?
    public var onFailure: FailurePolicy
    public var drift: DriftPolicy
    /// The plan's `host` section.
    public var hostSettings: HostSettings?
    public var backup: BackupPlan?
    /// The host whose stack and data this one takes over.
    public var replaces: String?
    /// The name that the stack had before.
    public var formerly: String?
    /// Public SSH keys of the machines that may run it; absent: any that goes by the host's name.
    public var hostKeys: [String]?

    public init(
        stack: String, version: String, host: String, size: String? = nil, registries: [String: RegistryLogin] = [:],
        network: NetworkPlan = NetworkPlan(), containers: [String: ContainerPlan],
        hotfixes: [String: ImageReference] = [:], maintenance: MaintenancePlan? = nil, mail: MailPlan? = nil,
        onFailure: FailurePolicy = .containerless, drift: DriftPolicy = .repair, hostSettings: HostSettings? = nil,
        backup: BackupPlan? = nil, replaces: String? = nil, formerly: String? = nil, hostKeys: [String]? = nil
    ) {
        self.stack = stack
        self.version = version
        self.host = host
        self.size = size
        self.registries = registries
        self.network = network
        self.containers = containers
        self.hotfixes = hotfixes
        self.maintenance = maintenance
        self.mail = mail
        self.onFailure = onFailure
        self.drift = drift
        self.hostSettings = hostSettings
        self.backup = backup
        self.replaces = replaces
        self.formerly = formerly
        self.hostKeys = hostKeys
    }

    /// The image that container `name` runs: its hotfix where there is one.
    public func image(of name: String) -> ImageSource? {
        hotfixes[name].map(ImageSource.reference) ?? containers[name]?.image
    }
}

extension ChannelSection {
    /// The fields of a plan that say how people are notified.
    package static let all = [mail]
}

/// What happens to the stack when a deployment fails after the old stack was stopped.
public enum FailurePolicy: String, Codable, Sendable {
    /// No containers, no network; data untouched.
    case containerless
    /// The last good plan is deployed again from retained images; containerless if that fails too.
    case previous
}

public struct RegistryLogin: Codable, Hashable, Sendable {
    public var username: SecretText
    public var password: SecretText

    public init(username: SecretText, password: SecretText) {
        self.username = username
        self.password = password
    }
}
