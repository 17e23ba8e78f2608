public import Model

/// Where the engine is and how long it may take.
public struct EngineConfiguration: Sendable {
    /// The unix socket of the engine's API; at most 107 bytes long.
    public var socket = "/run/podman/podman.sock"
    /// Starts an API service on `socket` when nothing listens there. It leaves by itself a minute after the last call.
    public var startsService = true
    /// Added to the environment of a service that is started here, such as `CONTAINERS_CONF`.
    public var environment: [String: String] = [:]
    /// For downloads, and handed to a service that is started here.
    public var proxy: WebProxy?
    /// Of one call that neither moves an image nor waits for a container.
    public var callDeadline: Duration = .seconds(30)
    /// How long a pull, a download or a build may be silent.
    public var idleDeadline: Duration = .seconds(120)
    /// Of a pull, a download, a load or a build as a whole.
    public var transferDeadline: Duration = .seconds(3600)
    /// Where the engine keeps images; `nil` where that is not known.
    public var storage: String?
    /// A transfer is stopped before less is free on the disks that it fills: containers write there too.
    public var minimumFree = ByteCount(bytes: 0)
    /// Where archives stay between download and load; readable by root only, on the disk, not in memory.
    public var downloads = "/var/lib/fairlead/downloads"
    /// Keys and known hosts for `ssh://` archives.
    public var sshDirectory = "/root/.ssh"
    /// Certificates that `https://` archives are trusted by, besides the system's; PEM.
    public var caFile: String?

    /// Which archives the owner of this host lets in, also where a server leads on to others.
    public var policy = VSNPolicy()
    /// What images of registries have to be signed by.
    public var imageKeys = ImageKeyring()
    /// Where images are built.
    public var builds = BuildPolicy.isolated
    /// What isolated builds keep, and a place where they work; belongs to root.
    public var buildDirectory = "/var/lib/fairlead/builds"
    public var buildLimits = BuildLimits()

    public init() {}

    var reserve: DiskReserve { DiskReserve(places: [downloads, storage].compactMap(\.self), minimum: minimumFree) }
}
