/// What the engine needs to create one container; secrets are already values, so it is never printed or saved.
public struct ContainerSpec: Sendable {
    /// Of the container on the host: `STACK-NAME`.
    public var name: String
    /// The immutable id of a stored image.
    public var image: String
    public var entrypoint: [String]?
    public var command: [String]?
    public var environment: [String: String] = [:]
    public var mounts: [MountSpec] = []
    public var tmpfs: [String] = []
    public var ports: [PortMapping] = []
    public var network: String
    /// Names by which other containers of the network find it.
    public var aliases: [String] = []
    /// On that network, of each family one at most; any when empty.
    public var addresses: [String] = []
    /// Addresses by name, for the container's own `/etc/hosts`.
    public var hosts: [String: String] = [:]
    public var labels: [String: String] = [:]
    public var resources = ResourcePlan()
    public var stopTimeout: PlanDuration = .seconds(10)
    public var initProcess = true
    public var user: String?
    /// The ids of the host that its own stand for; `nil` where it has those of the host.
    public var userNamespace: IDRange?
    public var workingDirectory: String?
    public var hostname: String?
    public var capabilities = CapabilityPlan()
    public var privileged = false
    /// Whether set-uid programs and file capabilities count.
    public var allowsPrivilegeEscalation = false
    public var readOnly = false
    /// Whether the engine starts it again when it ends by itself.
    public var restarts = true
    /// It gives way to everything else on the host: a small share of the processors, the first to end when memory
    /// runs out.
    public var yields = false

    public init(name: String, image: String, network: String) {
        self.name = name
        self.image = image
        self.network = network
    }
}

/// A bind mount; the source exists.
public struct MountSpec: Hashable, Sendable {
    public var source: String
    public var target: String
    public var readOnly: Bool
    /// Whether file systems that are mounted below the source come along; those are not made read-only.
    public var includesMounts: Bool
    /// Whether a container with a user namespace sees the owners that files have on disk, as any other does. Otherwise it sees whom
    /// its own ids stand for.
    public var keepsOwners: Bool

    public init(
        source: String, target: String, readOnly: Bool, includesMounts: Bool = true, keepsOwners: Bool = false
    ) {
        self.source = source
        self.target = target
        self.readOnly = readOnly
        self.includesMounts = includesMounts
        self.keepsOwners = keepsOwners
    }
}
