internal import Model

extension CreateRequest {
    struct Mount: Encodable {
        let type: String
        var source: String?
        let destination: String
        let options: [String]

        init(_ mount: MountSpec, mapped: Bool) {
            type = "bind"
            source = mount.source
            destination = mount.target
            options =
                [mount.includesMounts ? "rbind" : "bind", mount.readOnly ? "ro" : "rw"]
                + (mapped && mount.keepsOwners ? ["idmap"] : [])
        }

        init(tmpfs path: String) {
            type = "tmpfs"
            source = "tmpfs"
            destination = path
            options = ["rw", "nosuid", "nodev", "mode=1777"]
        }
    }

    struct Port: Encodable {
        let hostAddress: String?
        let hostPort: UInt16
        let containerPort: UInt16
        let transport: String

        enum CodingKeys: String, CodingKey {
            case hostAddress = "host_ip"
            case hostPort = "host_port"
            case containerPort = "container_port"
            case transport = "protocol"
        }

        init(_ mapping: PortMapping) {
            // Podman 4 takes them for one address that nobody has, and leads nobody from there; all addresses are left out.
            hostAddress = ["0.0.0.0", "::"].contains(mapping.address) ? nil : mapping.address
            hostPort = mapping.hostPort
            containerPort = mapping.containerPort
            transport = mapping.transport.rawValue
        }
    }

    struct Network: Encodable {
        let aliases: [String]
        let addresses: [String]?
        /// One that follows from the address: with another one, whoever knows the address goes on asking for the old one.
        let hardwareAddress: String?

        enum CodingKeys: String, CodingKey {
            case aliases
            case addresses = "static_ips"
            case hardwareAddress = "static_mac"
        }

        init(_ spec: ContainerSpec) {
            aliases = spec.aliases
            addresses = spec.addresses.isEmpty ? nil : spec.addresses
            hardwareAddress = spec.addresses.compactMap(Self.hardwareAddress).first
        }

        /// As Docker has them; `nil` for other addresses than those of IPv4.
        private static func hardwareAddress(of address: String) -> String? {
            let parts = address.split(separator: ".").compactMap { UInt8($0) }
            guard parts.count == 4 else { return nil }
            return ([0x02, 0x42] + parts).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
        }
    }

    struct Namespace: Encodable {
        let mode: String

        enum CodingKeys: String, CodingKey { case mode = "nsmode" }
    }

    /// The same for users and groups.
    struct IDMappings: Encodable {
        struct Range: Encodable {
            let inside = 0
            let outside: UInt32
            let count = IDRange.count

            enum CodingKeys: String, CodingKey {
                case inside = "container_id"
                case outside = "host_id"
                case count = "size"
            }
        }

        let users: [Range]
        let groups: [Range]
        let sharesUsers = false
        let sharesGroups = false

        enum CodingKeys: String, CodingKey {
            case users = "UIDMap"
            case groups = "GIDMap"
            case sharesUsers = "HostUIDMapping"
            case sharesGroups = "HostGIDMapping"
        }

        init(_ range: IDRange) {
            users = [Range(outside: range.first)]
            groups = users
        }
    }

    struct Health: Encodable {
        let test = ["NONE"]

        enum CodingKeys: String, CodingKey { case test = "Test" }
    }

    struct Limits: Encodable {
        struct Memory: Encodable {
            let limit: Int64
            let swap: Int64
        }

        struct Processor: Encodable {
            let quota: Int64?
            let period: Int64?
            let shares: Int64?
        }

        struct Processes: Encodable {
            let limit: Int64
        }

        let memory: Memory?
        let cpu: Processor?
        let pids: Processes?

        init(_ resources: ResourcePlan, yields: Bool) {
            // With swap the double, as `podman run --memory` has it.
            memory = resources.memory.map { Memory(limit: $0.bytes, swap: $0.bytes * 2) }
            // The kernel takes no quota below a hundredth of the period.
            let quota = resources.cpus.map { max(1000, Int64($0 * 100_000)) }
            cpu =
                quota == nil && !yields
                ? nil
                : Processor(
                    quota: quota, period: quota.map { _ in 100_000 },
                    shares: yields ? ContainerSpec.smallShare : nil)
            pids = resources.pids.map { Processes(limit: $0) }
        }
    }
}

extension ContainerSpec {
    /// Of the processors while others want them; every other container has 1024.
    static var smallShare: Int64 { 128 }
    /// The higher it is, the sooner the kernel ends the container when memory runs out.
    var memoryPenalty: Int? { yields ? 800 : nil }
    /// `name:address`.
    var hostEntries: [String] { hosts.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" } }
}

extension CreateRequest {
    /// Podman's names for where a log goes.
    struct LogConfiguration: Encodable {
        private let driver: String
        /// In bytes; a file of that size begins anew.
        private let size: Int64?

        init(_ log: ContainerLog) {
            switch log {
            case .journal: (driver, size) = ("journald", nil)
            case .file(let maximum): (driver, size) = ("k8s-file", maximum.bytes)
            case .nowhere: (driver, size) = (LoggedContainer.noDriver, nil)
            }
        }
    }
}
