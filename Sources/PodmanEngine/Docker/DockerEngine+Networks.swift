public import Planning

extension DockerEngine {
    private struct NetworkRequest: Encodable {
        let name: String
        let driver = "bridge"
        /// The API would make a second network of the same name.
        let checksDuplicate = true
        let addresses: Addresses?
        let options: [String: String]
        let labels: [String: String]
        var isInternal = false

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case driver = "Driver"
            case isInternal = "Internal"
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
    /// `subnet` is taken from Docker's pool when `nil`.
    public func createNetwork(
        name: String, subnet: String?, labels: [String: String], resolvesNames: Bool = true
    ) async throws(EngineError) {
        var subnet = subnet
        if subnet == nil {
            // Docker gives containers fixed addresses only where the subnet was asked for: so what it chooses is.
            try await create(
                NetworkRequest(name: name, addresses: nil, options: bridgeOptions(of: name), labels: labels))
            subnet = try await answers().first { $0.name == name }?.addresses?.ranges?.first?.subnet
            guard subnet != nil else { return }
            try await removeNetwork(name)
        }
        try await create(
            NetworkRequest(
                name: name, addresses: Addresses(ranges: [.init(subnet: subnet)]), options: bridgeOptions(of: name),
                labels: labels.merging([FairleadLabel.subnet: subnet ?? ""]) { own, _ in own }))
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
