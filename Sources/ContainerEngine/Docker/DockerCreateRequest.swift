internal import Model

/// A container's creation as Docker takes it; only the fields that are used.
struct DockerCreateRequest: Encodable {
    private let spec: ContainerSpec
    private let covers: [MountSpec]

    init(_ spec: ContainerSpec, covers: [MountSpec]) {
        self.spec = spec
        self.covers = covers
    }

    private enum Key: String, CodingKey {
        case image = "Image"
        case entrypoint = "Entrypoint"
        case command = "Cmd"
        case environment = "Env"
        case labels = "Labels"
        case workingDirectory = "WorkingDir"
        case user = "User"
        case hostname = "Hostname"
        case stopTimeout = "StopTimeout"
        case health = "Healthcheck"
        case exposedPorts = "ExposedPorts"
        case host = "HostConfig"
        case networking = "NetworkingConfig"
    }

    func encode(to encoder: any Encoder) throws {
        var body = encoder.container(keyedBy: Key.self)
        try body.encode(spec.image, forKey: .image)
        try body.encodeIfPresent(spec.entrypoint, forKey: .entrypoint)
        try body.encodeIfPresent(spec.command, forKey: .command)
        try body.encode(
            spec.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }, forKey: .environment)
        try body.encode(spec.labels, forKey: .labels)
        try body.encodeIfPresent(spec.workingDirectory, forKey: .workingDirectory)
        try body.encodeIfPresent(spec.user, forKey: .user)
        try body.encodeIfPresent(spec.hostname, forKey: .hostname)
        try body.encode((spec.stopTimeout.milliseconds + 999) / 1000, forKey: .stopTimeout)
        // Fairlead checks health itself; a check of the image would run as well.
        try body.encode(CreateRequest.Health(), forKey: .health)
        try encodePlace(&body)
    }

    private func encodePlace(_ body: inout KeyedEncodingContainer<Key>) throws {
        let ports = Dictionary(grouping: spec.ports) { "\($0.containerPort)/\($0.transport.rawValue)" }
        try body.encode(ports.mapValues { _ in Nothing() }, forKey: .exposedPorts)
        try body.encode(
            DockerHostConfig(spec, ports: ports.mapValues { $0.map(DockerHostConfig.Port.init) }, covers: covers),
            forKey: .host)
        try body.encode(Networking(networks: [spec.network: .init(spec)]), forKey: .networking)
    }

    private struct Nothing: Encodable {}

    private struct Networking: Encodable {
        struct Endpoint: Encodable {
            struct Address: Encodable {
                let ipv4: String?
                let ipv6: String?

                enum CodingKeys: String, CodingKey {
                    case ipv4 = "IPv4Address"
                    case ipv6 = "IPv6Address"
                }

                init?(_ addresses: [String]) {
                    guard !addresses.isEmpty else { return nil }
                    ipv4 = addresses.first { !$0.contains(":") }
                    ipv6 = addresses.first { $0.contains(":") }
                }
            }

            let aliases: [String]
            let address: Address?

            enum CodingKeys: String, CodingKey {
                case aliases = "Aliases"
                case address = "IPAMConfig"
            }

            init(_ spec: ContainerSpec) {
                aliases = spec.aliases
                address = Address(spec.addresses)
            }
        }

        let networks: [String: Endpoint]

        enum CodingKeys: String, CodingKey { case networks = "EndpointsConfig" }
    }
}
