internal import Crypto
internal import FoundationEssentials
public import Model

extension PodmanEngine {
    private struct NetworkRequest: Encodable {
        struct Subnet: Encodable {
            let subnet: String
        }

        let name: String
        let driver = "bridge"
        let bridge: String
        let subnets: [Subnet]?
        let labels: [String: String]
        /// Adds what is missing of a free subnet of each family.
        var addsIPv6: Bool?
        var resolvesNames = true
        var isInternal = false

        enum CodingKeys: String, CodingKey {
            case name, driver, subnets, labels
            case isInternal = "internal"
            case bridge = "network_interface"
            case addsIPv6 = "ipv6_enabled"
            case resolvesNames = "dns_enabled"
        }
    }

    private struct NetworkAnswer: Decodable, Sendable {
        struct Range: Decodable, Sendable {
            let subnet: String
            /// The host's address.
            let gateway: String?
        }

        let name: String
        let subnets: [Range]?
        let labels: [String: String]?
        let interface: String?
        let resolvesNames: Bool?

        enum CodingKeys: String, CodingKey {
            case name, subnets, labels
            case interface = "network_interface"
            case resolvesNames = "dns_enabled"
        }

        var status: NetworkStatus {
            var status = NetworkStatus(
                name: name, subnets: (subnets ?? []).compactMap { Subnet($0.subnet) },
                gateways: (subnets ?? []).compactMap(\.gateway), labels: labels ?? [:], interface: interface)
            status.resolvesNames = resolvesNames != false
            return status
        }
    }

    /// A bridge whose containers find each other by name if it `resolvesNames`, for which a server listens on port 53 of the
    /// host's address there; what `plan` does not name is taken from Podman's pool.
    public func createNetwork(
        name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool = true
    ) async throws(EngineError) {
        _ = try await create(
            NetworkRequest(
                name: name, bridge: bridge(of: name),
                subnets: plan.named.isEmpty ? nil : plan.named.map { NetworkRequest.Subnet(subnet: $0) },
                labels: labels,
                addsIPv6: plan.addsIPv6 ? true : nil, resolvesNames: resolvesNames))
    }

    /// A bridge on which the host has no address: its containers have no route to the host, nor to anything behind it.
    /// They do not find each other by name, since whoever answered would need an address there.
    public func createIsolatedNetwork(
        name: String, subnet: String, labels: [String: String]
    ) async throws(EngineError) {
        let made = try await create(
            NetworkRequest(
                name: name, bridge: bridge(of: name), subnets: [.init(subnet: subnet)], labels: labels,
                resolvesNames: false, isInternal: true))
        guard made.subnets?.contains(where: { $0.gateway?.isEmpty == false }) != true else {
            // Before a container is in it.
            try await removeNetwork(name)
            throw EngineError(
                .malformed,
                "cannot create network '\(name)': this podman gives the host an address on an isolated network",
                hint: "use a podman that 'fairlead doctor' knows")
        }
    }

    private func create(_ request: NetworkRequest) async throws(EngineError) -> NetworkAnswer {
        let name = request.name
        let route = try Route(.post, "/networks/create", "create network '\(name)'").with(json: request)
        // Podman lists the host's interfaces and then looks at each: one of a container that has just been removed may go
        // in between, and the creation fails.
        for _ in 0..<20 {
            do throws(EngineError) {
                return try await transport.call(route, as: NetworkAnswer.self)
            } catch {
                guard error.message.contains("no such network interface") else { throw error }
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
        return try await transport.call(route, as: NetworkAnswer.self)
    }

    public func networks(label: String, value: String?) async throws(EngineError) -> [String] {
        let filter = Route.filters("label", value.map { "\(label)=\($0)" } ?? label)
        let route = Route(.get, "/networks/json", ["filters": filter], "list networks")
        return try await transport.call(route, as: [NetworkAnswer].self).map(\.name)
    }

    public func allNetworks() async throws(EngineError) -> [NetworkStatus] {
        try await transport.call(Route(.get, "/networks/json", "list networks"), as: [NetworkAnswer].self).map(\.status)
    }

    public func detachContainers(from network: String) async throws(EngineError) -> [String] {
        let attached = try await list(["all": "true", "filters": Route.filters("network", network)])
        try await detach(attached.map { ($0.id, $0.name) }, from: network)
        return attached.map(\.name).sorted()
    }

    public func removeNetwork(_ name: String) async throws(EngineError) { try await remove(network: name) }
}

extension EngineClient {
    /// The bridge's name on the host: the same for each creation, so that firewall rules can name it, and another
    /// for each engine. Podman's own choice, the first number that is free, can be made twice at once.
    func bridge(of name: String) -> String {
        let digest = SHA256.hash(data: Data("\(configuration.socket)\n\(name)".utf8))
        return "fl-" + digest.prefix(5).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
