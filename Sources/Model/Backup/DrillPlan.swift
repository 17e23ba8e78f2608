/// The deployed plan as a backup drill starts it beside the running stack; a pure function of what is known.
///
/// It is built from what a rehearsal needs, so that a field that a plan gains later is left out until somebody adds it.
public struct DrillPlan: Hashable, Sendable {
    /// No ports, no cron jobs, no mail, no host settings, nothing of the host that could be written.
    public let plan: ResolvedPlan
    /// On the drill's network, by container.
    public let addresses: [String: String]
    /// Addresses by the names by which containers know each other.
    public let hosts: [String: String]
    /// What differs from the deployed plan and may matter to a container, for people.
    public let notes: [String]

    /// `taken`: networks that the drill's must not overlap with.
    public init(of deployed: ResolvedPlan, avoiding taken: [Subnet]) {
        let names = deployed.containers.keys.sorted()
        let block = Self.block(avoiding: taken)
        addresses = Dictionary(
            uniqueKeysWithValues: zip(names, 2...254).map { ($0, "198.18.\(block).\($1)") })
        let full = addresses.map { (deployed.hostName(of: $0), $1) }
        hosts = addresses.merging(full) { own, _ in own }
        var notes: [String] = []
        var plan = ResolvedPlan(
            stack: Self.stack(of: deployed.stack), version: deployed.version, host: deployed.host, size: deployed.size,
            network: NetworkPlan(subnet: "198.18.\(block).0/24"), containers: [:], hotfixes: deployed.hotfixes,
            backup: deployed.backup, formerly: deployed.formerly)
        plan.backup?.restore = .newest
        for name in names {
            guard let container = deployed.containers[name] else { continue }
            plan.containers[name] = DrillContainer(name, container, of: deployed.stack).plan(&notes)
        }
        self.plan = plan
        self.notes = notes
    }

    /// What the drill of `stack` calls its own: no plan can name a stack so long as that of its host.
    public static func stack(of stack: String) -> String { "fairlead-drill-\(stack)" }

    /// Of 198.18.0.0/16, which is for tests within one site and not routed anywhere.
    private static func block(avoiding taken: [Subnet]) -> Int {
        (0...255).first { block in
            guard let subnet = Subnet("198.18.\(block).0/24") else { return false }
            return !taken.contains { $0.overlaps(subnet) }
        } ?? 0
    }
}

/// One container of a drill.
private struct DrillContainer {
    let name: String
    let deployed: ContainerPlan
    let stack: String

    init(_ name: String, _ deployed: ContainerPlan, of stack: String) {
        self.name = name
        self.deployed = deployed
        self.stack = stack
    }

    /// Those that change nothing outside of the container.
    private static let harmless = LinuxCapability.everyContainers.union([
        "AUDIT_WRITE", "IPC_LOCK", "IPC_OWNER", "LEASE", "SYS_NICE", "SYS_RESOURCE",
    ])

    /// Holds sockets and devices, through which even a directory that is mounted read-only acts on the host.
    private static let live = ["run", "var/run", "dev", "proc", "sys"]

    func plan(_ notes: inout [String]) -> ContainerPlan {
        let (paths, data) = (
            deployed.volumes.filter { $0.hostPath != nil }, deployed.volumes.filter { $0.hostPath == nil }
        )
        let hidden = paths.filter { Self.isLive($0.hostPath ?? "/") }
        let added = deployed.capabilities.add.filter(Self.harmless.contains)
        note(hidden, added, writable: paths.filter { !$0.readOnly && !hidden.contains($0) }, &notes)
        var plan = ContainerPlan(
            image: deployed.image, entrypoint: deployed.entrypoint, command: deployed.command,
            environment: ["FAIRLEAD_STACK": SecretText(source: stack)].merging(deployed.environment) { $1 },
            // Labels are left out: a proxy that finds its services by them would send customers to the drill.
            volumes: data + paths.filter { !hidden.contains($0) }.map(\.forReading), files: deployed.files,
            secretFiles: deployed.secretFiles, dependsOn: deployed.dependsOn, health: health,
            resources: deployed.resources, stopTimeout: deployed.stopTimeout, init: deployed.`init`,
            user: deployed.user, workingDirectory: deployed.workingDirectory, hostname: deployed.hostname,
            capabilities: CapabilityPlan(add: added, drop: deployed.capabilities.drop), readOnly: deployed.readOnly,
            tmpfs: deployed.tmpfs + hidden.map(\.target))
        plan.allowPrivilegeEscalation = deployed.allowPrivilegeEscalation
        plan.userns = deployed.userns
        plan.logs = logs
        return plan
    }

    /// It gives way to the running stack, so it gets twice the time. Its image is not asked for another one.
    private var health: HealthPlan? {
        var health = deployed.health ?? HealthPlan(check: .off)
        health.retries *= 2
        return health
    }

    /// Its lines are not among those of the running stack, where whoever reads or forwards systemd's journal would take them for
    /// those of a service; the last of them are in what the drill tells.
    private var logs: ContainerLogPlan {
        deployed.logs?.driver == ContainerLogPlan.Driver.none
            ? ContainerLogPlan(driver: .none) : ContainerLogPlan(driver: .file, maximum: deployed.logs?.maximum)
    }

    private func note(
        _ hidden: [VolumePlan], _ added: [String], writable: [VolumePlan], _ notes: inout [String]
    ) {
        let tell = { (text: String, notes: inout [String]) in notes.append("container '\(name)': \(text)") }
        if deployed.privileged { tell("it is not privileged in a drill", &notes) }
        let left = deployed.capabilities.add.filter { !added.contains($0) }
        if !left.isEmpty { tell("it has no \(left.joined(separator: ", ")) in a drill", &notes) }
        for volume in hidden { tell("'\(volume.target)' is empty in a drill", &notes) }
        for volume in writable { tell("'\(volume.target)' cannot be written in a drill", &notes) }
    }

    private static func isLive(_ path: String) -> Bool {
        let parts = path.pathParts.filter { !$0.isEmpty && $0 != "." }
        return parts.isEmpty || parts.contains("..")
            || live.contains { parts.starts(with: $0.pathParts.filter { !$0.isEmpty }) }
    }
}

extension VolumePlan {
    fileprivate var hostPath: String? { if case .path(let path) = source { path } else { nil } }

    fileprivate var forReading: VolumePlan {
        VolumePlan(source: source, target: target, owner: owner, mode: mode, readOnly: true)
    }
}
