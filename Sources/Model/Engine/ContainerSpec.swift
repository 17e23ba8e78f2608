/// What the engine needs to create one container; secrets are already values, so it is never printed or saved.
///
/// What the plan says of the container is here under the plan's names, as `spec.readOnly`: a new key needs no line. Only
/// what Fairlead works out has a field of its own; where the plan has one of the same name, that one is hidden by it.
@dynamicMemberLookup
public struct ContainerSpec: Sendable {
    /// Of the container on the host: `STACK-NAME`.
    public var name: String
    /// The immutable id of a stored image.
    public var image: String
    /// Its secrets are references still.
    public private(set) var plan: ContainerPlan
    /// With the values of secrets, and with what every container knows of itself.
    public var environment: [String: String] = [:]
    public var mounts: [MountSpec] = []
    public var network: String
    /// Names by which other containers of the network find it.
    public var aliases: [String] = []
    /// On that network, of each family one at most; any when empty.
    public var addresses: [String] = []
    /// Addresses by name, for the container's own `/etc/hosts`.
    public var hosts: [String: String] = [:]
    /// The plan's, and those by which Fairlead finds it.
    public var labels: [String: String] = [:]
    /// The ids of the host that its own stand for; `nil` where it has those of the host.
    public var userNamespace: IDRange?
    /// The plan's, or what the stack calls the container.
    public var hostname: String?
    /// The plan's, without what hardly any service needs.
    public var capabilities = CapabilityPlan()
    /// Whether set-uid programs and file capabilities count.
    public var allowsPrivilegeEscalation = false
    /// Where the engine puts what it writes; the plan's, or what this host has. The default works on every host.
    public var logs = ContainerLog.file(maximum: ContainerLog.standardMaximum)
    /// Whether the engine starts it again when it ends by itself.
    public var restarts = true
    /// It gives way to everything else on the host: a small share of the processors, the first to end when memory
    /// runs out.
    public var yields = false

    public init(name: String, image: String, network: String, plan: ContainerPlan) {
        self.name = name
        self.image = image
        self.network = network
        self.plan = plan
    }

    public subscript<Value>(dynamicMember key: WritableKeyPath<ContainerPlan, Value>) -> Value {
        get { plan[keyPath: key] }
        set { plan[keyPath: key] = newValue }
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
