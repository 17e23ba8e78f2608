/// What the owner of a VSN lets plans do on it, whatever the customer repo says.
public struct VSNPolicy: Codable, Hashable, Sendable {
    /// `HOST` or `HOST/PREFIX` of the image references that are accepted; `nil` accepts every registry.
    ///
    /// Archives and builds are not references: archives are pinned by their digest, builds by the commit.
    public var allowedRegistries: [String]?
    /// Directories of the host that plans may mount, with everything below them.
    public var allowedHostPaths: [String]
    public var privileged: Bool
    /// Linux capabilities, without `CAP_`, that plans may add beside those that every container has.
    public var allowedCapabilities: [String]
    /// Keys of the plan's `host` section that are accepted.
    public var allowedHostSettings: [String]
    /// `HOST` or `HOST/PATH` of the shares that plans may have mounted for backups, as `//HOST/PATH` and `HOST:/PATH` name
    /// them; `nil` accepts every share: each is mounted at a place of its own, where it gives no rights.
    public var allowedMounts: [String]?
    /// Kernel parameters that plans may set; a `*` at the end stands for any rest.
    public var allowedSysctls: [String]
    /// In percent of the deployed containers: a plan with so many fewer is refused. 100 is no limit.
    public var maximumShrink: Int

    public init(
        allowedRegistries: [String]? = nil, allowedHostPaths: [String] = [], privileged: Bool = false,
        allowedCapabilities: [String] = [], allowedHostSettings: [String] = VSNPolicy.hostSettings,
        allowedSysctls: [String] = VSNPolicy.harmlessSysctls, maximumShrink: Int = VSNPolicy.lessThanHalf,
        allowedMounts: [String]? = nil
    ) {
        self.allowedRegistries = allowedRegistries
        self.allowedHostPaths = allowedHostPaths
        self.privileged = privileged
        self.allowedCapabilities = allowedCapabilities
        self.allowedHostSettings = allowedHostSettings
        self.allowedSysctls = allowedSysctls
        self.maximumShrink = maximumShrink
        self.allowedMounts = allowedMounts
    }

    /// Every key may be absent.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(allowedRegistries: try container.decodeIfPresent([String].self, forKey: .allowedRegistries))
        allowedHostPaths = try container.decodeIfPresent([String].self, forKey: .allowedHostPaths) ?? []
        privileged = try container.decodeIfPresent(Bool.self, forKey: .privileged) ?? false
        allowedCapabilities = try container.decodeIfPresent([String].self, forKey: .allowedCapabilities) ?? []
        allowedMounts = try container.decodeIfPresent([String].self, forKey: .allowedMounts)
        allowedHostSettings =
            try container.decodeIfPresent([String].self, forKey: .allowedHostSettings)
            ?? Self.hostSettings
        allowedSysctls = try container.decodeIfPresent([String].self, forKey: .allowedSysctls) ?? Self.harmlessSysctls
        maximumShrink = try container.decodeIfPresent(Int.self, forKey: .maximumShrink) ?? Self.lessThanHalf
    }

    /// Nobody drops half of a stack in passing.
    public static let lessThanHalf = 49

    /// All keys of the section.
    public static let hostSettings = ["hostname", "timezone", "hosts", "dns", "sysctl"]

    /// Limits that databases and busy servers need. Others can do what root can: `kernel.core_pattern` names a program.
    public static let harmlessSysctls = [
        "fs.aio-max-nr", "fs.inotify.*", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "net.core.netdev_max_backlog", "net.core.rmem_max", "net.core.somaxconn", "net.core.wmem_max",
        "net.ipv4.ip_local_port_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_*",
        "net.ipv4.tcp_max_syn_backlog", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "vm.dirty_*", "vm.max_map_count",
        "vm.overcommit_memory", "vm.swappiness",
    ]
}
