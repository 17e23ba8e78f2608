extension PodmanEngine {
    private struct Joining: Encodable {
        let container: String
        let aliases: [String]
        let addresses: [String]
        let hardwareAddress: String?

        enum CodingKeys: String, CodingKey {
            case container, aliases
            case addresses = "static_ips"
            case hardwareAddress = "static_mac"
        }
    }

    /// The container runs on and keeps its addresses.
    public func renewPorts(of container: String, in network: String) async throws(EngineError) {
        try await rejoin(container, to: network) { id, place in
            Joining(
                container: id, aliases: place.names(except: id), addresses: place.addresses,
                hardwareAddress: place.hardwareAddress)
        }
    }
}
