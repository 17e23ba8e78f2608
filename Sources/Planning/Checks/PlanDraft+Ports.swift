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
        guard let address = port.mapping.address, IPAddress(address) == nil else { return }
        port.cursor.error(
            "'\(address)' is not an IP address", hint: "write an address of the host, such as '127.0.0.1:8080:80'")
    }
}
