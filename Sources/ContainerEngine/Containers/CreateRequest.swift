internal import Model

/// A container's creation as the API takes it (Podman's `SpecGenerator`); only the fields that are used.
struct CreateRequest: Encodable {
    private let spec: ContainerSpec
    private let joinsNetwork: Bool

    /// Without its network the container has no way out at all.
    init(_ spec: ContainerSpec, joinsNetwork: Bool = true) {
        self.spec = spec
        self.joinsNetwork = joinsNetwork
    }

    private enum Key: String, CodingKey {
        case name, image, entrypoint, command, env, mounts, netns, networks, labels, privileged, hostname, user
        case portMappings = "portmappings"
        case limits = "resource_limits"
        case restartPolicy = "restart_policy"
        case stopTimeout = "stop_timeout"
        case initProcess = "init"
        case workingDirectory = "work_dir"
        case addedCapabilities = "cap_add"
        case droppedCapabilities = "cap_drop"
        case readOnly = "read_only_filesystem"
        case noNewPrivileges = "no_new_privileges"
        case hosts = "hostadd"
        case memoryPenalty = "oom_score_adj"
        case health = "healthconfig"
        case imageVolumes = "image_volume_mode"
        case inheritsProxy = "httpproxy"
        case userNamespace = "userns"
        case logs = "log_configuration"
        case idMappings = "idmappings"
    }

    func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: Key.self)
        try encodeProcess(&body)
        try encodePlace(&body)
        try encodeSecurity(&body)
    }

    private func encodeProcess(_ body: inout KeyedEncodingContainer<Key>) throws {
        try body.encode(spec.name, forKey: .name)
        // With its algorithm before it Podman takes the id for a name, and 'podman ps' shows it; without, the image's own.
        try body.encode(spec.image.replacing(/^sha256:/, with: ""), forKey: .image)
        try body.encodeIfPresent(spec.entrypoint, forKey: .entrypoint)
        try body.encodeIfPresent(spec.command, forKey: .command)
        try body.encode(spec.environment, forKey: .env)
        // A web proxy of the engine's service, with its password, is for pulls, not for containers.
        try body.encode(false, forKey: .inheritsProxy)
        try body.encode(spec.labels, forKey: .labels)
        try body.encodeIfPresent(spec.workingDirectory, forKey: .workingDirectory)
        try body.encode(spec.`init`, forKey: .initProcess)
        try body.encode((spec.stopTimeout.milliseconds + 999) / 1000, forKey: .stopTimeout)
        try body.encode(LogConfiguration(spec.logs), forKey: .logs)
        // Brings it back after a crash; after a reboot Fairlead starts it itself, in order.
        try body.encode(spec.restarts ? "unless-stopped" : "no", forKey: .restartPolicy)
        // Fairlead checks health itself. A check of the image would run as well, on a systemd timer per container.
        try body.encode(Health(), forKey: .health)
    }

    private func encodePlace(_ body: inout KeyedEncodingContainer<Key>) throws {
        let mapped = spec.userNamespace != nil
        let mounts = spec.mounts.map { Mount($0, mapped: mapped) } + spec.tmpfs.map(Mount.init(tmpfs:))
        try body.encode(mounts, forKey: .mounts)
        // An anonymous volume for each `VOLUME` of the image would cover a data directory that is mounted above it:
        // the data would go into the volume, and with the container.
        try body.encode("ignore", forKey: .imageVolumes)
        try body.encode(Namespace(mode: joinsNetwork ? "bridge" : "none"), forKey: .netns)
        if joinsNetwork { try body.encode([spec.network: Network(spec)], forKey: .networks) }
        try body.encode(spec.hostEntries, forKey: .hosts)
        try body.encode(spec.ports.map(Port.init), forKey: .portMappings)
        try body.encodeIfPresent(spec.hostname, forKey: .hostname)
        try body.encode(Limits(spec.resources, yields: spec.yields), forKey: .limits)
        try body.encodeIfPresent(spec.memoryPenalty, forKey: .memoryPenalty)
    }

    private func encodeSecurity(_ body: inout KeyedEncodingContainer<Key>) throws {
        try body.encodeIfPresent(spec.user, forKey: .user)
        if let range = spec.userNamespace {
            try body.encode(Namespace(mode: "private"), forKey: .userNamespace)
            try body.encode(IDMappings(range), forKey: .idMappings)
        }
        try body.encode(spec.capabilities.add, forKey: .addedCapabilities)
        try body.encode(spec.capabilities.drop, forKey: .droppedCapabilities)
        try body.encode(spec.privileged, forKey: .privileged)
        try body.encode(!spec.allowsPrivilegeEscalation, forKey: .noNewPrivileges)
        try body.encode(spec.readOnly, forKey: .readOnly)
    }
}
