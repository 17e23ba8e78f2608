extension DockerEngine {
    private struct Joining: Encodable {
        struct Endpoint: Encodable {
            let aliases: [String]
            let hardwareAddress: String?
            let addresses: Addresses

            enum CodingKeys: String, CodingKey {
                case aliases = "Aliases"
                case hardwareAddress = "MacAddress"
                case addresses = "IPAMConfig"
            }
        }

        struct Addresses: Encodable {
            let ipv4: String?
            let ipv6: String?

            enum CodingKeys: String, CodingKey {
                case ipv4 = "IPv4Address"
                case ipv6 = "IPv6Address"
            }
        }

        let container: String
        let endpoint: Endpoint

        enum CodingKeys: String, CodingKey {
            case container = "Container"
            case endpoint = "EndpointConfig"
        }
    }

    /// The container runs on and keeps its addresses.
    public func renewPorts(of container: String, in network: String) async throws(EngineError) {
        try await rejoin(container, to: network) { id, place in
            Joining(
                container: id,
                endpoint: Joining.Endpoint(
                    aliases: place.names(except: id), hardwareAddress: place.hardwareAddress,
                    addresses: Joining.Addresses(
                        ipv4: place.addresses.first { !$0.contains(":") },
                        ipv6: place.addresses.first { $0.contains(":") })))
        }
    }
}
