internal import Model

/// What an inspected image says of itself; only the fields that are used. Podman has the health check beside the rest.
struct ImageConfigurationAnswer: Decodable, Sendable {
    struct Nothing: Decodable, Sendable {}

    struct Health: Decodable, Sendable {
        let test: [String]?
        let interval: Int64?
        let timeout: Int64?
        let startPeriod: Int64?
        let retries: Int?

        enum CodingKeys: String, CodingKey {
            case test = "Test"
            case interval = "Interval"
            case timeout = "Timeout"
            case startPeriod = "StartPeriod"
            case retries = "Retries"
        }
    }

    /// How the engine keeps its layers.
    struct Storage: Decodable, Sendable {
        let name: String?
        let data: [String: String]?

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case data = "Data"
        }

        /// On the host, the topmost first; empty for another way than directories on each other.
        var layers: [String] {
            guard name == "overlay", let top = data?["UpperDir"] else { return [] }
            return [top] + (data?["LowerDir"] ?? "").split(separator: ":").map(String.init)
        }
    }

    struct Config: Decodable, Sendable {
        let entrypoint: [String]?
        let command: [String]?
        let user: String?
        let environment: [String]?
        let workingDirectory: String?
        let stopSignal: String?
        let volumes: [String: Nothing]?
        let exposedPorts: [String: Nothing]?
        let health: Health?
        let labels: [String: String]?

        enum CodingKeys: String, CodingKey {
            case labels = "Labels"
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case user = "User"
            case environment = "Env"
            case workingDirectory = "WorkingDir"
            case stopSignal = "StopSignal"
            case volumes = "Volumes"
            case exposedPorts = "ExposedPorts"
            case health = "Healthcheck"
        }
    }

    let operatingSystem: String?
    let architecture: String?
    let variant: String?
    let config: Config?
    let health: Health?
    /// Of its manifest; only Podman shows them, and hands them on.
    let annotations: [String: String]?
    var storage: Storage?

    enum CodingKeys: String, CodingKey {
        case operatingSystem = "Os"
        case architecture = "Architecture"
        case variant = "Variant"
        case config = "Config"
        case health = "Healthcheck"
        case annotations = "Annotations"
        case storage = "GraphDriver"
    }

    var configuration: ImageConfiguration {
        let check = health ?? config?.health
        let declared = (config?.volumes ?? [:]).keys
        let volumes = Set(declared.filter(Self.isVolume).map(\.normalisedPath))
        let facts = ImageFacts(
            health: HealthPlan(
                imageTest: check?.test ?? [], interval: check?.interval, timeout: check?.timeout,
                startPeriod: check?.startPeriod, retries: check?.retries),
            volumes: volumes.sorted(), labels: config?.labels ?? [:])
        var found = ImageConfiguration(
            operatingSystem: operatingSystem, architecture: architecture, variant: variant,
            entrypoint: config?.entrypoint ?? [], command: config?.command ?? [],
            user: config?.user,
            exposedPorts: Set((config?.exposedPorts ?? [:]).keys.compactMap(Self.port)),
            annotations: Set((annotations ?? [:]).keys), facts: facts)
        found.environment = config?.environment ?? []
        found.labels = config?.labels ?? [:]
        found.workingDirectory = config?.workingDirectory
        found.stopSignal = config?.stopSignal
        found.strangeVolumes = declared.filter { !Self.isVolume($0) }.sorted()
        found.hasStrangeHealth = facts.health == nil && !["NONE", nil].contains(check?.test?.first)
        found.layers = storage?.layers ?? []
        return found
    }

    /// Written by whoever made the image, and told to people in lines of a shell: a path of other characters is none, nor are those
    /// at which every container has something.
    private static func isVolume(_ path: String) -> Bool {
        guard path.wholeMatch(of: #/\/[A-Za-z0-9._@+\/-]*/#) != nil, !path.leadsUp else { return false }
        let place = path.normalisedPath
        return place != "/" && !["/proc", "/sys", "/dev"].contains { place.isAt($0) }
    }

    /// `80/tcp`, or `80`.
    private static func port(_ text: String) -> UInt16? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 1 || parts.last == "tcp"
            ? parts.first.flatMap { UInt16($0) }.flatMap { $0 > 0 ? $0 : nil } : nil
    }
}

/// The same as a registry keeps it.
struct StoredConfigurationAnswer: Decodable, Sendable {
    let os: String?
    let architecture: String?
    let variant: String?
    let config: ImageConfigurationAnswer.Config?

    var configuration: ImageConfiguration {
        ImageConfigurationAnswer(
            operatingSystem: os, architecture: architecture, variant: variant, config: config, health: nil,
            annotations: nil
        ).configuration
    }
}

/// A path of a container that is not as its image has it.
struct ChangedPath: Decodable, Sendable {
    let path: String
    /// 0 modified, 1 added, 2 removed.
    let kind: Int

    /// What a process in the container made or altered: without the directories in which it did, and without what the engine
    /// made for `mounts`.
    static func written(_ changes: [ChangedPath], beside mounts: Set<String>) -> [String] {
        let paths = changes.filter { $0.kind != 2 }.map(\.path.normalisedPath)
        let parents = Set((changes.map(\.path.normalisedPath) + mounts).flatMap(Self.parents))
        let added = Set(changes.filter { $0.kind == 1 }.map(\.path.normalisedPath))
        let aboveMounts = Set(mounts.flatMap(Self.parents)).union(mounts)
        return paths.filter { !aboveMounts.contains($0) && (added.contains($0) || !parents.contains($0)) }
    }

    /// `/a` and `/a/b` of `/a/b/c`.
    private static func parents(_ path: String) -> [String] {
        let parts = path.pathParts.dropFirst().dropLast()
        return parts.indices.map { "/" + parts[...$0].joined(separator: "/") }
    }

    enum CodingKeys: String, CodingKey {
        case path = "Path"
        case kind = "Kind"
    }
}

/// Of an inspected container: where its anonymous volumes lie on the host.
struct ContainerVolumesAnswer: Decodable, Sendable {
    struct Mount: Decodable, Sendable {
        let type: String?
        let source: String?
        let destination: String?

        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case source = "Source"
            case destination = "Destination"
        }
    }

    let mounts: [Mount]?

    enum CodingKeys: String, CodingKey { case mounts = "Mounts" }

    /// On the host, by path in the container.
    var volumes: [String: String] {
        var found: [String: String] = [:]
        for mount in mounts ?? [] where mount.type == "volume" {
            if let source = mount.source, let target = mount.destination { found[target.normalisedPath] = source }
        }
        return found
    }
}
