internal import Crypto
internal import FoundationEssentials
public import Model

extension DockerEngine {
    private struct NetworkRequest: Encodable {
        let name: String
        let driver = "bridge"
        /// The API would make a second network of the same name.
        let checksDuplicate = true
        let addresses: Addresses?
        let options: [String: String]
        let labels: [String: String]
        var hasIPv6 = false
        var isInternal = false

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case driver = "Driver"
            case isInternal = "Internal"
            case hasIPv6 = "EnableIPv6"
            case checksDuplicate = "CheckDuplicate"
            case addresses = "IPAM"
            case options = "Options"
            case labels = "Labels"
        }
    }

    private struct Addresses: Codable, Sendable {
        struct Range: Codable, Sendable {
            let subnet: String?
            var gateway: String?

            enum CodingKeys: String, CodingKey {
                case subnet = "Subnet"
                case gateway = "Gateway"
            }
        }

        let ranges: [Range]?

        enum CodingKeys: String, CodingKey { case ranges = "Config" }
    }

    private struct NetworkAnswer: Decodable, Sendable {
        let name: String
        let addresses: Addresses?
        let labels: [String: String]?

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case addresses = "IPAM"
            case labels = "Labels"
        }

        var status: NetworkStatus {
            let ranges = addresses?.ranges ?? []
            return NetworkStatus(
                name: name, subnets: ranges.compactMap { $0.subnet.flatMap { Subnet($0) } },
                gateways: ranges.compactMap(\.gateway), labels: labels ?? [:],
                fixesAddresses: labels?[FairleadLabel.subnet] != nil)
        }
    }

    /// A bridge whose containers find each other by name, in any case: Docker's name server listens inside of them.
    /// A subnet of IPv4 that `plan` does not name is taken from Docker's pool.
    public func createNetwork(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool = true
    ) async throws(EngineError) {
        var subnets = plan.named + (plan.addsIPv6 ? [Self.ownSubnet(of: name, on: configuration.socket)] : [])
        if plan.named.isEmpty {
            // Docker gives containers fixed addresses only where the subnet was asked for: so what it chooses is.
            try await create(
                NetworkRequest(name: name, addresses: nil, options: bridgeOptions(of: name), labels: labels))
            let chosen = try await answers().first { $0.name == name }?.addresses?.ranges?.first?.subnet
            guard let chosen else { return }
            try await removeNetwork(name)
            subnets.insert(chosen, at: 0)
        }
        try await create(
            NetworkRequest(
                name: name, addresses: Addresses(ranges: subnets.map { Addresses.Range(subnet: $0) }),
                options: bridgeOptions(of: name),
                labels: labels.merging([FairleadLabel.subnet: subnets.joined(separator: ",")]) { own, _ in own },
                hasIPv6: subnets.contains { $0.contains(":") }))
    }

    /// Docker's pool has no IPv6 before version 27: a private subnet that nobody else comes to, the same each time.
    private static func ownSubnet(of name: String, on socket: String) -> String {
        let digest = Array(SHA256.hash(data: Data("\(socket)\n\(name)".utf8)))
        let head = String(UInt16(digest[0]) | 0xFD00, radix: 16)
        let rest = stride(from: 1, to: 7, by: 2).map { index in
            String(UInt16(digest[index]) << 8 | UInt16(digest[index + 1]), radix: 16)
        }
        return "\(head):\(rest.joined(separator: ":"))::/64"
    }

    private func bridgeOptions(of name: String) -> [String: String] {
        ["com.docker.network.bridge.name": bridge(of: name)]
    }

    private func answers() async throws(EngineError) -> [NetworkAnswer] {
        try await transport.call(Route(.get, "/networks", "list networks"), as: [NetworkAnswer].self)
    }

    /// A bridge on which the host has no address: its containers have no route to the host, nor to anything behind it.
    public func createIsolatedNetwork(
        name: String, subnet: String, labels: [String: String]
    ) async throws(EngineError) {
        try await create(
            NetworkRequest(
                name: name, addresses: Addresses(ranges: [.init(subnet: subnet)]),
                options: [
                    "com.docker.network.bridge.name": bridge(of: name),
                    "com.docker.network.bridge.inhibit_ipv4": "true",
                ], labels: labels, isInternal: true))
    }

    private func create(_ request: NetworkRequest) async throws(EngineError) {
        let route = Route(.post, "/networks/create", "create network '\(request.name)'")
        try await transport.call(try route.with(json: request))
    }

    public func networks(label: String, value: String?) async throws(EngineError) -> [String] {
        let filter = Route.filters("label", value.map { "\(label)=\($0)" } ?? label)
        let route = Route(.get, "/networks", ["filters": filter], "list networks")
        return try await transport.call(route, as: [NetworkAnswer].self).map(\.name)
    }

    public func allNetworks() async throws(EngineError) -> [NetworkStatus] {
        try await answers().map(\.status)
    }

    public func detachContainers(from network: String) async throws(EngineError) -> [String] {
        let attached = try await list(["all": "1", "filters": Route.filters("network", network)])
        try await detach(attached.map { ($0.id, $0.name) }, from: network)
        return attached.map(\.name).sorted()
    }

    public func removeNetwork(_ name: String) async throws(EngineError) { try await remove(network: name) }
}
