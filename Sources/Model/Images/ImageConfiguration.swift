/// What an image says of itself.
public struct ImageConfiguration: Hashable, Sendable {
    /// As images name them: `linux`, `amd64`, `v7`. `nil` or empty: it does not say.
    public var operatingSystem: String?
    public var architecture: String?
    public var variant: String?
    public var entrypoint: [String]
    public var command: [String]
    /// As it has them: `PATH=/bin`.
    public var environment: [String] = []
    public var workingDirectory: String?
    public var stopSignal: String?
    /// `user[:group]`, names or numbers; `nil` or empty: root.
    public var user: String?
    /// TCP ports that it means to serve.
    public var exposedPorts: Set<UInt16>
    /// Names of its manifest's annotations, which Podman gives to each container of it.
    public var annotations: Set<String>
    public var labels: [String: String] = [:]
    public var facts: ImageFacts
    /// `VOLUME`s that are no path at which an engine can put anything, or that cannot be told to people as they are.
    public var strangeVolumes: [String] = []
    /// Whether it has a `HEALTHCHECK` that nobody can go by.
    public var hasStrangeHealth = false
    /// The directories of its layers on this host, the topmost first; empty where they are not known.
    public var layers: [String] = []

    public init(
        operatingSystem: String? = nil, architecture: String? = nil, variant: String? = nil, entrypoint: [String] = [],
        command: [String] = [], user: String? = nil, exposedPorts: Set<UInt16> = [],
        annotations: Set<String> = [], facts: ImageFacts = ImageFacts()
    ) {
        self.operatingSystem = operatingSystem
        self.architecture = architecture
        self.variant = variant
        self.entrypoint = entrypoint
        self.command = command
        self.user = user
        self.exposedPorts = exposedPorts
        self.annotations = annotations
        self.facts = facts
    }

    /// `linux/arm/v7`; without what is no part of such a name, since it is told to people.
    public var platform: String {
        [operatingSystem, architecture, variant].compactMap {
            $0?.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        .filter { !$0.isEmpty }.joined(separator: "/")
    }
}

/// What of it the deployed stack goes by. It is saved with the deployment and not read a second time.
public struct ImageFacts: Hashable, Sendable, Codable {
    /// Of its label, else its `HEALTHCHECK`; `nil` too where the container has a check of its own.
    public var health: HealthPlan?
    /// Of its label; `nil` too where the container has a check of its own.
    public var liveness: LivenessPlan?
    /// Its `VOLUME`s: absolute paths.
    public var volumes: [String]
    /// What its labels say of how data is saved, by their names without `io.fairlead.`; absent: nothing, or it is the plan's.
    public var backup: [String: String]?
    /// For the environment of its containers; absent where an older Fairlead saved it.
    public var metadata: ImageMetadata?

    public init(health: HealthPlan? = nil, volumes: [String] = [], labels: [String: String] = [:]) {
        self.health = health
        self.volumes = volumes
        let said = ImageLabel.backup.compactMap { name in labels[ImageLabel.prefix + name].map { (name, $0) } }
        backup = said.isEmpty ? nil : Dictionary(said) { first, _ in first }
    }

    /// For people; `nil` where labels say nothing of it.
    public var backupWords: String? {
        backup.map { said in
            "how data is saved, from the image's label: "
                + said.sorted { $0.key < $1.key }.map { "\($0.key) '\($0.value.prefix(200))'" }.joined(separator: ", ")
        }
    }

    /// Those that `container` keeps nowhere: what is written there goes with it.
    public func unmountedVolumes(in container: ContainerPlan) -> [String] {
        let mounted = container.mountPoints
        return volumes.filter { path in !mounted.contains { path.isAt($0) } }.sorted()
    }

    /// What is lost with the container, for whoever reads the plan of `container` as `name` of `plan`.
    package func warnings(on container: ContainerPlan, as name: String, of plan: ResolvedPlan) -> [String] {
        unmountedVolumes(in: container).map { path in
            "\(name): its image declares a volume at '\(path)', which the plan does not mount: what is written there goes "
                + "with the container; add \(plan.volumeLine(for: name, at: path)) to its 'volumes', or \"tmpfs\": "
                + "[\"\(path)\"] where nothing of it has to be kept"
        }
    }

    /// Warnings, and what of it is used, for whoever reads the plan of `container` as `name` of `plan`.
    public func notes(on container: ContainerPlan, as name: String, of plan: ResolvedPlan) -> [String] {
        var notes = warnings(on: container, as: name, of: plan)
        if container.leavesBackupOpen, plan.backup != nil, let backupWords { notes.append("\(name): \(backupWords)") }
        return notes + values(for: container).map { "\(name): \($0.key) from the image: \($0.words)" }
    }
}

extension ContainerPlan {
    /// Whether an image's labels can say how a data directory of it is saved.
    public var leavesBackupOpen: Bool {
        volumes.contains { volume in
            guard case .data = volume.source else { return false }
            return !volume.readOnly && volume.backup?.mode == nil && volume.backup?.dump == nil
        }
    }

    /// Normalised paths inside the container at which the plan has something.
    public var mountPoints: Set<String> {
        let targets = volumes.map(\.target) + files.map(\.target) + secretFiles.map(\.target) + tmpfs
        return Set(targets.map(\.normalisedPath))
    }
}

extension ResolvedPlan {
    /// With the checks of images where a container has none of its own: what is started, and what the health check asks.
    public func completed(by images: [String: StoredImage]) -> ResolvedPlan {
        var plan = self
        for (name, container) in containers {
            let facts = images[name]?.facts
            if container.leavesOpen(.health) { plan.containers[name]?.health = facts?.health }
            if container.leavesOpen(.liveness) { plan.containers[name]?.liveness = facts?.liveness }
            if container.health?.check == .off { plan.containers[name]?.health = nil }
        }
        return plan
    }

    /// What a plan would say to keep `path` of container `name`: `{"data": "web", "target": "/data"}`.
    public func volumeLine(for name: String, at path: String) -> String {
        "{\"data\": \"\(freeDataName(for: name))\", \"target\": \"\(path)\"}"
    }

    /// A name for a data directory that no container of the plan has.
    public func freeDataName(for container: String) -> String {
        dataNames.contains(container) ? "\(container)-data" : container
    }
}

extension DeployedState {
    /// Its plan as it was started: with the checks that its images brought.
    public var startedPlan: ResolvedPlan { desired.plan.completed(by: images) }
}

extension String {
    /// Without double slashes, single dots and a slash at its end.
    public var normalisedPath: String { "/" + pathParts.filter { !$0.isEmpty && $0 != "." }.joined(separator: "/") }
}
