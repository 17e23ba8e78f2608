internal import FoundationEssentials
internal import Model

/// A container as the API lists it; only the fields that are used.
struct ListedContainer: Decodable, Sendable {
    struct Port: Decodable, Sendable {
        let hostPort: UInt16?
        /// How many ports in a row, from `hostPort`.
        let range: UInt16?

        enum CodingKeys: String, CodingKey {
            case hostPort = "host_port"
            case range
        }

        var all: [UInt16] {
            guard let first = hostPort, first > 0 else { return [] }
            let last = min(Int(UInt16.max), Int(first) + max(1, Int(range ?? 1)) - 1)
            return (Int(first)...last).map { UInt16($0) }
        }
    }

    let id: String
    let names: [String]?
    let imageID: String?
    let state: String?
    let exitCode: Int?
    let restarts: Int?
    let labels: [String: String]?
    let ports: [Port]?
    let networks: [String]?
    let pid: Int32?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case imageID = "ImageID"
        case state = "State"
        case exitCode = "ExitCode"
        case restarts = "Restarts"
        case labels = "Labels"
        case ports = "Ports"
        case networks = "Networks"
        case pid = "Pid"
    }

    var status: ContainerStatus {
        ContainerStatus(
            id: id, name: names?.first ?? "", imageID: ContainerStatus.fullImageID(imageID ?? ""),
            state: ContainerStatus.State(engine: state ?? ""), exitCode: exitCode ?? 0, restarts: restarts ?? 0,
            labels: labels ?? [:], hostPorts: Set((ports ?? []).flatMap(\.all)), networks: Set(networks ?? []),
            process: ContainerStatus.process(pid))
    }
}

/// A container as the API inspects it; only the fields that are used.
struct InspectedContainer: Decodable, Sendable {
    struct State: Decodable, Sendable {
        let status: String?
        let exitCode: Int?
        let pid: Int32?
        let startedAt: String?
        let finishedAt: String?

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case exitCode = "ExitCode"
            case pid = "Pid"
            case startedAt = "StartedAt"
            case finishedAt = "FinishedAt"
        }

        /// Of the last run: after a power cut the engine still has the end of the one before.
        var finished: Timestamp? {
            guard ContainerStatus.State(engine: status ?? "") == .exited,
                let finished = finishedAt.flatMap({ Timestamp(engine: $0) }),
                let started = startedAt.flatMap({ Timestamp(engine: $0) }), finished >= started
            else { return nil }
            return finished
        }
    }

    struct Config: Decodable, Sendable {
        let labels: [String: String]?
        let annotations: [String: String]?

        enum CodingKeys: String, CodingKey {
            case labels = "Labels"
            case annotations = "Annotations"
        }
    }

    struct NetworkSettings: Decodable, Sendable {
        let networks: [String: Network]?

        enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    struct Network: Decodable, Sendable {
        let address: String?
        let address6: String?

        enum CodingKeys: String, CodingKey {
            case address = "IPAddress"
            case address6 = "GlobalIPv6Address"
        }
    }

    let id: String
    let name: String
    let image: String
    let restartCount: Int?
    let state: State
    let config: Config?
    let networkSettings: NetworkSettings?
    let dependencies: [String]?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case image = "Image"
        case restartCount = "RestartCount"
        case state = "State"
        case config = "Config"
        case networkSettings = "NetworkSettings"
        case dependencies = "Dependencies"
    }

    var status: ContainerStatus {
        let networks = (networkSettings?.networks ?? [:]).sorted { $0.key < $1.key }
        let addresses = networks.map(\.value).flatMap { [$0.address, $0.address6] }.compactMap { $0 }
        var status = ContainerStatus(
            id: id, name: name, imageID: ContainerStatus.fullImageID(image),
            state: ContainerStatus.State(engine: state.status ?? ""), exitCode: state.exitCode ?? 0,
            restarts: restartCount ?? 0, labels: config?.labels ?? [:], address: addresses.first { !$0.isEmpty },
            networks: Set(networks.map(\.key)), process: ContainerStatus.process(state.pid),
            dependencies: Set(dependencies ?? []))
        status.finished = state.finished
        status.addresses = Set(addresses.filter { !$0.isEmpty })
        return status
    }
}

extension Timestamp {
    /// As the engine writes it, with up to nine digits of a second, in its own time zone; `nil` where it means none.
    init?(engine text: String) {
        guard let match = text.wholeMatch(of: /(.{19})(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})/),
            let date = try? Date("\(match.1)\(match.3)", strategy: .iso8601), date.timeIntervalSince1970 > 0
        else { return nil }
        let fraction = Int64(((match.2.map(String.init) ?? "") + "000").prefix(3)) ?? 0
        self.init(milliseconds: Int64(date.timeIntervalSince1970) * 1000 + fraction)
    }
}

extension ContainerStatus {
    static func fullImageID(_ id: String) -> String { id.isEmpty || id.hasPrefix("sha256:") ? id : "sha256:" + id }

    /// The engine writes none as zero.
    static func process(_ pid: Int32?) -> Int32? { pid == 0 ? nil : pid }
}

extension ContainerStatus.State {
    /// The engine tells two kinds of not yet started, and two of ended, that make no difference outside of it.
    init(engine word: String) {
        switch word {
        case "initialized", "configured": self = .created
        // Docker keeps what it could not remove.
        case "stopped", "dead": self = .exited
        case "removing": self = .stopping
        default: self = Self(rawValue: word) ?? .unknown
        }
    }
}
