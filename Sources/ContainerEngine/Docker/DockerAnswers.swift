internal import Model

/// A container as Docker lists it; only the fields that are used.
struct DockerListedContainer: Decodable, Sendable {
    struct Port: Decodable, Sendable {
        let hostPort: UInt16?

        enum CodingKeys: String, CodingKey { case hostPort = "PublicPort" }
    }

    struct NetworkSettings: Decodable, Sendable {
        struct Nothing: Decodable, Sendable {}

        let networks: [String: Nothing]?

        enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    let id: String
    let names: [String]?
    let imageID: String?
    let state: String?
    let labels: [String: String]?
    let ports: [Port]?
    let networkSettings: NetworkSettings?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case imageID = "ImageID"
        case state = "State"
        case labels = "Labels"
        case ports = "Ports"
        case networkSettings = "NetworkSettings"
    }

    var status: ContainerStatus {
        ContainerStatus(
            id: id, name: DockerEngine.plain(names?.first ?? ""), imageID: ContainerStatus.fullImageID(imageID ?? ""),
            state: ContainerStatus.State(engine: state ?? ""), labels: labels ?? [:],
            hostPorts: Set((ports ?? []).compactMap(\.hostPort)),
            networks: Set((networkSettings?.networks ?? [:]).keys))
    }
}

/// Of an inspected image: where it wants volumes.
struct DockerImageVolumes: Decodable, Sendable {
    struct Config: Decodable, Sendable {
        struct Nothing: Decodable, Sendable {}

        let volumes: [String: Nothing]?

        enum CodingKeys: String, CodingKey { case volumes = "Volumes" }
    }

    let config: Config?

    enum CodingKeys: String, CodingKey { case config = "Config" }

    var paths: [String] { (config?.volumes ?? [:]).keys.sorted() }
}
