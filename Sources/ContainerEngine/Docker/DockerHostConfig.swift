internal import Model

/// What a container is given of the host, as Docker takes it.
struct DockerHostConfig: Encodable {
    struct Port: Encodable {
        let address: String
        let port: String

        enum CodingKeys: String, CodingKey {
            case address = "HostIp"
            case port = "HostPort"
        }

        init(_ mapping: PortMapping) {
            address = mapping.address ?? ""
            port = "\(mapping.hostPort)"
        }
    }

    private struct Mount: Encodable {
        let type = "bind"
        let source: String
        let target: String
        let readOnly: Bool
        let options: Options?

        struct Options: Encodable {
            let excludesMounts = true

            enum CodingKeys: String, CodingKey { case excludesMounts = "NonRecursive" }
        }

        enum CodingKeys: String, CodingKey {
            case options = "BindOptions"
            case type = "Type"
            case source = "Source"
            case target = "Target"
            case readOnly = "ReadOnly"
        }

        init(_ mount: MountSpec) {
            source = mount.source
            target = mount.target
            readOnly = mount.readOnly
            options = mount.includesMounts ? nil : Options()
        }
    }

    private struct Restart: Encodable {
        let name: String

        enum CodingKeys: String, CodingKey { case name = "Name" }
    }

    private let mounts: [Mount]
    private let ports: [String: [Port]]
    private let memoryFiles: [String: String]
    private let network: String
    private let restart: Restart
    private let hosts: [String]
    private let shares: Int64?
    private let memoryPenalty: Int?
    private let memory: Int64?
    private let memoryWithSwap: Int64?
    private let processors: Int64?
    private let processes: Int64?
    private let addedCapabilities: [String]
    private let droppedCapabilities: [String]
    private let privileged: Bool
    private let security: [String]
    private let readOnly: Bool
    private let initProcess: Bool
    private let logs: DockerLogConfiguration

    init(_ spec: ContainerSpec, ports: [String: [Port]], covers: [MountSpec]) {
        mounts = (spec.mounts + covers).map(Mount.init)
        self.ports = ports
        memoryFiles = Dictionary(spec.tmpfs.map { ($0, "rw,nosuid,nodev,mode=1777") }) { $1 }
        network = spec.network
        restart = Restart(name: spec.restarts ? "unless-stopped" : "no")
        hosts = spec.hostEntries
        shares = spec.yields ? ContainerSpec.smallShare : nil
        memoryPenalty = spec.memoryPenalty
        memory = spec.resources.memory?.bytes
        memoryWithSwap = memory.map { $0 * 2 }
        // The engine takes nothing below a hundredth of a processor.
        processors = spec.resources.cpus.map { max(10_000_000, Int64($0 * 1_000_000_000)) }
        processes = spec.resources.pids.map { Int64($0) }
        addedCapabilities = spec.capabilities.add
        droppedCapabilities = spec.capabilities.drop
        privileged = spec.privileged
        security = spec.allowsPrivilegeEscalation ? [] : ["no-new-privileges"]
        readOnly = spec.readOnly
        initProcess = spec.`init`
        logs = DockerLogConfiguration(spec.logs)
    }

    private enum CodingKeys: String, CodingKey {
        case mounts = "Mounts"
        case ports = "PortBindings"
        case memoryFiles = "Tmpfs"
        case network = "NetworkMode"
        case restart = "RestartPolicy"
        case hosts = "ExtraHosts"
        case shares = "CpuShares"
        case memoryPenalty = "OomScoreAdj"
        case memory = "Memory"
        case memoryWithSwap = "MemorySwap"
        case processors = "NanoCpus"
        case processes = "PidsLimit"
        case addedCapabilities = "CapAdd"
        case droppedCapabilities = "CapDrop"
        case privileged = "Privileged"
        case security = "SecurityOpt"
        case readOnly = "ReadonlyRootfs"
        case initProcess = "Init"
        case logs = "LogConfig"
    }
}
