/// Settings of the host itself, the plan's `host` section. What is left out is left as it is.
public struct HostSettings: Codable, Hashable, Sendable {
    public var hostname: String?
    /// A name of the time zone database: `Europe/Berlin`.
    public var timezone: String?
    /// Names by IP address, for `/etc/hosts`.
    public var hosts: [String: [String]]
    public var dns: DNSSettings?
    /// Kernel parameters by name, in dots: `vm.max_map_count`.
    public var sysctl: [String: String]

    public init(
        hostname: String? = nil, timezone: String? = nil, hosts: [String: [String]] = [:], dns: DNSSettings? = nil,
        sysctl: [String: String] = [:]
    ) {
        self.hostname = hostname
        self.timezone = timezone
        self.hosts = hosts
        self.dns = dns
        self.sysctl = sysctl
    }
}

/// How the host resolves names.
public struct DNSSettings: Codable, Hashable, Sendable {
    /// IP addresses, in the order in which they are asked.
    public var servers: [String]
    /// Domains that are tried for names without a dot.
    public var search: [String]

    public init(servers: [String], search: [String] = []) {
        self.servers = servers
        self.search = search
    }
}
