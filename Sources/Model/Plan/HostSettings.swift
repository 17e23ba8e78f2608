/// Settings of the host itself, the plan's `host` section and `logs`. What is left out is left as it is.
public struct HostSettings: Codable, Hashable, Sendable {
    public var hostname: String?
    /// A name of the time zone database: `Europe/Berlin`.
    public var timezone: String?
    /// Names by IP address, for `/etc/hosts`.
    public var hosts: [String: [String]]
    public var dns: DNSSettings?
    /// Kernel parameters by name, in dots: `vm.max_map_count`.
    public var sysctl: [String: String]
    /// The plan's `logs`.
    public var logs: LogSettings?

    public init(
        hostname: String? = nil, timezone: String? = nil, hosts: [String: [String]] = [:], dns: DNSSettings? = nil,
        sysctl: [String: String] = [:], logs: LogSettings? = nil
    ) {
        self.hostname = hostname
        self.timezone = timezone
        self.hosts = hosts
        self.dns = dns
        self.sysctl = sysctl
        self.logs = logs
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

/// How systemd's journal keeps what containers and the host write: on disk, over reboots, and every line of a burst.
public struct LogSettings: Codable, Hashable, Sendable {
    /// Of all that it keeps; the oldest goes first.
    public var maximum: ByteCount

    public init(maximum: ByteCount) { self.maximum = maximum }
}
