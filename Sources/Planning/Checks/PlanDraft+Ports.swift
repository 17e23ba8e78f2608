internal import Model

extension PlanDraft {
    private struct PlacedPort {
        let container: String
        let cursor: PlanCursor
        let mapping: PortMapping
    }

    func checkPorts() {
        var taken: [PlacedPort] = []
        for port in ports {
            checkAddress(of: port)
            if let other = taken.first(where: { $0.mapping.clashes(with: port.mapping) }) {
                let owner = other.container == port.container ? "the same container" : "'\(other.container)'"
                port.cursor.error(
                    "port '\(port.mapping)' clashes with '\(other.mapping)' of \(owner)",
                    hint: "publish one of them on another port of the host")
            }
            taken.append(port)
        }
    }

    private var ports: [PlacedPort] {
        containers.flatMap { container in
            (root["containers"]?[container.name]?["ports"]?.elements ?? []).compactMap { cursor in
                cursor.value.string.flatMap(PortMapping.init).map {
                    PlacedPort(container: container.name, cursor: cursor, mapping: $0)
                }
            }
        }
    }

    private func checkAddress(of port: PlacedPort) {
        guard let address = port.mapping.address else { return }
        guard IPAddress(address) != nil else {
            port.cursor.error(
                "'\(address)' is not an IP address", hint: "write an address of the host, such as '127.0.0.1:8080:80'")
            return
        }
        checkFamily(of: port, isIPv6: address.contains(":"))
    }

    /// The engine publishes it all the same, and nobody would ever be led to the container.
    private func checkFamily(of port: PlacedPort, isIPv6: Bool) {
        let network = plan.network
        if isIPv6, !network.hasIPv6 {
            port.cursor.error(
                "port '\(port.mapping)' is published by IPv6, which the stack's network has not",
                hint: "give it a free subnet of IPv6 as well: \"network\": {\"ipv6\": true}")
        } else if !isIPv6, !network.hasIPv4 {
            port.cursor.error(
                "port '\(port.mapping)' is published by IPv4, which the stack's network has not",
                hint: "name a subnet of IPv4 as well, such as \"subnets\": [\"10.89.7.0/24\", \"fd00:89::/64\"]")
        }
    }
}
