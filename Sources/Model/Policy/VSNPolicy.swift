/// What the owner of a VSN lets plans do on it, whatever the customer repo says.
public struct VSNPolicy: Codable, Hashable, Sendable {
    /// What those have that were not written.
    public var profile: PolicyProfile
    public var images: ImagePolicy
    /// As written; `buildPolicy` is what counts.
    public var builds: BuildPolicy?
    /// Whether labels of images fill keys of their containers that a plan leaves open.
    public var imageContract = true
    /// Directories of the host that plans may mount, with everything below them.
    public var allowedHostPaths: [String]
    /// Directories below which backups of a plan, or the vendor's files, may lie.
    public var backupDirectories: [String]
    /// Types of rclone's remotes; `nil` accepts all that the plan's schema knows.
    public var allowedStorages: [String]?
    /// Ports of the host that containers may publish, `443` or `8000-8999`; `nil` accepts every port.
    public var allowedPorts: [String]?
    /// In CIDR notation: what the network of the stack must lie in.
    public var allowedSubnets: [String]
    /// `HOST` or `HOST:PORT`; `nil` accepts every one.
    public var allowedMailServers: [String]?
    /// The least for which the clean-up job keeps the system's log.
    public var minimumLogRetention: PlanDuration
    /// Whether it removes entries of the system's log at all, and not only of Fairlead's and the containers'.
    public var cleansSystemLogs = true
    public var privileged: Bool
    /// Whether every container needs a user namespace of its own.
    public var userns = UserNamespacePolicy.allowed
    /// Linux capabilities, without `CAP_`, that plans may add beside those that every container has.
    public var allowedCapabilities: [String]
    /// Keys of the plan's `host` section that are accepted, and `logs`.
    public var allowedHostSettings: [String]
    /// `HOST` or `HOST/PATH` of the shares that plans may have mounted for backups, as `//HOST/PATH` and `HOST:/PATH` name
    /// them; `nil` accepts every share: each is mounted at a place of its own, where it gives no rights.
    public var allowedMounts: [String]?
    /// Kernel parameters that plans may set; a `*` at the end stands for any rest. Those of the default list have bounds, which
    /// `NAME=*` lifts.
    public var allowedSysctls: [String]
    /// In percent of the deployed containers: a plan with so many fewer is refused. 100 is no limit.
    public var maximumShrink: Int
    /// Where Fairlead keeps state, data and images on this host: nobody writes it, the configuration's other keys say it.
    public var ownDirectories: [String]
    /// The names of rclone's remotes that the configuration has: nobody writes them here either.
    public var ownRemotes: [String]

    /// What is left out has the value of the profile.
    public init(
        profile: PolicyProfile = .strict, allowedRegistries: [String]? = nil, allowedHostPaths: [String]? = nil,
        privileged: Bool? = nil, allowedCapabilities: [String] = [],
        allowedHostSettings: [String] = VSNPolicy.hostSettings, allowedSysctls: [String]? = nil,
        maximumShrink: Int = VSNPolicy.lessThanHalf, allowedMounts: [String]? = nil
    ) {
        let trusts = profile == .trusted
        self.profile = profile
        images = ImagePolicy(registries: allowedRegistries)
        self.allowedHostPaths = allowedHostPaths ?? (trusts ? ["/"] : [])
        backupDirectories = trusts ? ["/"] : Self.mountDirectories
        allowedSubnets = trusts ? ["0.0.0.0/0", "::/0"] : Self.privateSubnets
        minimumLogRetention = trusts ? .seconds(0) : Self.aWeek
        self.privileged = privileged ?? trusts
        self.allowedCapabilities = allowedCapabilities
        self.allowedHostSettings = allowedHostSettings
        self.allowedSysctls = allowedSysctls ?? (trusts ? ["*"] : Self.harmlessSysctls)
        self.maximumShrink = maximumShrink
        self.allowedMounts = allowedMounts
        ownDirectories = Self.standardDirectories
        ownRemotes = []
    }

    /// How images are built here. A host that names its registries has a reason, and builds bring in what they like.
    public var buildPolicy: BuildPolicy {
        builds ?? (images.registries != nil ? .off : profile == .trusted ? .host : .isolated)
    }

    /// Nobody drops half of a stack in passing.
    public static let lessThanHalf = 49

    /// All keys of the section, and that of systemd's journal.
    public static let hostSettings = ["hostname", "timezone", "hosts", "dns", "sysctl", "logs"]

    /// Where disks and shares are mounted.
    public static let mountDirectories = ["/mnt", "/media"]

    /// Never routed in the Internet: RFC 1918, RFC 6598, RFC 4193.
    public static let privateSubnets = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7",
    ]

    public static let aWeek = PlanDuration.seconds(7 * 86_400)

    /// Limits that databases and busy servers need. Others can do what root can: `kernel.core_pattern` names a program.
    public static let harmlessSysctls = [
        "fs.aio-max-nr", "fs.inotify.*", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "net.core.netdev_max_backlog", "net.core.rmem_max", "net.core.somaxconn", "net.core.wmem_max",
        "net.ipv4.ip_local_port_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_*",
        "net.ipv4.tcp_max_syn_backlog", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "vm.dirty_*", "vm.max_map_count",
        "vm.overcommit_memory", "vm.swappiness",
    ]

    private static let standardDirectories = [
        "/srv/fairlead", "/var/lib/fairlead", "/run/fairlead", "/var/log/fairlead", "/var/lib/containers/storage",
    ]
}

extension VSNPolicy {
    private enum FormerKeys: String, CodingKey { case allowedRegistries }

    /// Every key may be absent, and then has the value of the profile.
    public init(from decoder: any Decoder) throws {
        let written = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try written.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        self.init(profile: try written.decodeIfPresent(PolicyProfile.self, forKey: .profile) ?? .strict)
        try read(.images, into: &images)
        let former = try decoder.container(keyedBy: FormerKeys.self)
        images.registries =
            try images.registries ?? former.decodeIfPresent([String].self, forKey: .allowedRegistries)
        try read(.imageContract, into: &imageContract)
        try read(.allowedHostPaths, into: &allowedHostPaths)
        try read(.backupDirectories, into: &backupDirectories)
        try read(.allowedSubnets, into: &allowedSubnets)
        try read(.minimumLogRetention, into: &minimumLogRetention)
        try read(.cleansSystemLogs, into: &cleansSystemLogs)
        try read(.privileged, into: &privileged)
        try read(.userns, into: &userns)
        try read(.allowedCapabilities, into: &allowedCapabilities)
        try read(.allowedHostSettings, into: &allowedHostSettings)
        try read(.allowedSysctls, into: &allowedSysctls)
        try read(.maximumShrink, into: &maximumShrink)
        try read(.ownDirectories, into: &ownDirectories)
        try read(.ownRemotes, into: &ownRemotes)
        builds = try written.decodeIfPresent(BuildPolicy.self, forKey: .builds)
        allowedStorages = try written.decodeIfPresent([String].self, forKey: .allowedStorages)
        allowedPorts = try written.decodeIfPresent([String].self, forKey: .allowedPorts)
        allowedMailServers = try written.decodeIfPresent([String].self, forKey: .allowedMailServers)
        allowedMounts = try written.decodeIfPresent([String].self, forKey: .allowedMounts)
    }
}
