public import Model

/// What an image says of itself, and what its files say, held against the plan and the host; a pure function of them.
public struct ImageCheck: Sendable {
    let name: String
    public let container: ContainerPlan
    let plan: ResolvedPlan
    let image: ImageConfiguration
    let asksLabels: Bool
    /// Of its labels, as far as the plan leaves it open.
    let contract: ImageContract
    let tree: (any ImageTree)?

    /// `nil` where `plan` has no container `name`. `tree`: the image's files, where they can be seen. With `asksLabels` off,
    /// labels that fill keys of a container count for nothing.
    public init?(
        _ image: ImageConfiguration, of name: String, in plan: ResolvedPlan, files tree: (any ImageTree)? = nil,
        asksLabels: Bool = true
    ) {
        guard let container = plan.containers[name] else { return nil }
        self.image = image
        self.name = name
        self.container = container
        self.plan = plan
        self.tree = tree
        self.asksLabels = asksLabels
        contract = ImageContract(asksLabels ? image.labels : [:], for: container)
    }

    /// `platform`: of the host, where it is known.
    public func obstacle(on platform: HostPlatform?, under policy: VSNPolicy) -> ImageObstacle? {
        if let platform, !platform.runs(image) {
            return ImageObstacle(
                message: "the image of container '\(name)' is for \(image.platform), this host is \(platform.words)",
                hint: "build it for this processor ('--platform \(platform.words)'), or install 'qemu-user-static'")
        }
        guard hasCommand else {
            return ImageObstacle(
                message:
                    "the image of container '\(name)' has neither a command nor an entry point, and the plan names none",
                hint: "add 'command' to the container, or 'CMD' to its image")
        }
        return strangeText ?? strangeContract ?? user.numberObstacle.map(strangeUser)
            ?? policy.obstacle(ofAnnotations: policy.refusedAnnotations(image.annotations), on: name)
            ?? tree.flatMap(obstacle)
    }

    /// Why a container of it could not be started, once it is known whom it knows.
    public func obstacle(among accounts: ImageAccounts) -> ImageObstacle? {
        asksForAccounts ? user.obstacle(among: accounts).map(strangeUser) : nil
    }

    /// Whether only the image's own files say who its user is. What the plan mounts there is looked up by the engine alone.
    public var asksForAccounts: Bool {
        !user.isNumeric
            && !container.mountPoints.contains { ["/etc", "/etc/passwd", "/etc/group"].contains($0) }
    }

    /// The one that the plan names comes first.
    public var userName: String { container.user ?? image.user ?? "" }
    private var user: ImageUser { ImageUser(userName) }

    private func strangeUser(_ reason: String) -> ImageObstacle {
        let shown = ForeignText(userName, limit: 100)
        return ImageObstacle(
            message:
                "the user '\(shown)' of container '\(name)', which "
                + (container.user == nil ? "its image names" : "the plan names") + ", \(reason)",
            hint: "make it in the image, or write numbers: \"user\": \"1000:1000\"")
    }

    private var hasCommand: Bool { !program.isEmpty }

    /// As engines put it together: the image's command belongs to its own entry point.
    public var program: [String] {
        let entrypoint = container.entrypoint ?? image.entrypoint
        var command = container.command ?? []
        if command.isEmpty, container.entrypoint?.isEmpty ?? true { command = image.command }
        return (entrypoint == [""] ? [] : entrypoint) + command
    }

    /// What the image says: of its check by the label, and only without one by its `HEALTHCHECK`.
    var said: ImageFacts {
        var facts = image.facts
        if let health = contract.health { facts.health = health.check == .off ? nil : health }
        facts.liveness = contract.liveness
        facts.metadata = ImageMetadata(image)
        return facts
    }

    /// What the container goes by: a check of its own leaves that of the image out.
    public var facts: ImageFacts {
        var facts = said
        if !container.leavesOpen(.health) { facts.health = nil }
        if !container.leavesBackupOpen || plan.backup == nil { facts.backup = nil }
        return facts
    }

    /// What people should know; nothing of it keeps the container from starting.
    public var notes: [String] { said.notes(on: container, as: name, of: plan) + strangeFacts }

    /// Of `notes`, what may be wrong.
    public var warnings: [String] { said.warnings(on: container, as: name, of: plan) + strangeFacts }

    private var strangeFacts: [String] {
        strangePort + strangeVolumes + strangeHealth + strangeLabels + (tree.map(notes) ?? [])
    }

    /// Podman leaves them out with all others; Docker makes no container of such an image.
    private var strangeVolumes: [String] {
        guard !image.strangeVolumes.isEmpty else { return [] }
        let shown = image.strangeVolumes.prefix(8).map { ForeignText($0, limit: 100).description }
        return [
            "\(name): its image declares \(shown.count == 1 ? "a volume" : "volumes") at \(shown.quotedList), where nothing "
                + "can be mounted: what is written there goes with the container"
        ]
    }

    private var strangeHealth: [String] {
        image.hasStrangeHealth && container.health == nil && contract.health == nil
            ? ["\(name): its image has a HEALTHCHECK that names no program: nobody asks whether it serves"] : []
    }

    /// How it is asked whether it serves, and whose words that are; `nil` where nobody asks.
    public var health: String? {
        switch container.health?.check {
        case .off: nil
        case let check?: "\(check.words), from the plan"
        case nil: said.health.map { "\($0.words), from the image" }
        }
    }

    /// As `health`, of whether it is alive.
    public var liveness: String? {
        container.liveness.map { "\($0.words), from the plan" } ?? said.liveness.map { "\($0.words), from the image" }
    }

    /// A port that the image does not mention can be right all the same.
    private var strangePort: [String] {
        let asked: UInt16
        switch container.health?.check ?? said.health?.check {
        case .http(let check): asked = check.port
        case .tcp(let port): asked = port
        default: return []
        }
        guard !image.exposedPorts.isEmpty, !image.exposedPorts.contains(asked) else { return [] }
        let exposed = image.exposedPorts.sorted().map(String.init).joined(separator: ", ")
        return ["\(name): 'health' asks port \(asked), and its image exposes \(exposed)"]
    }
}
