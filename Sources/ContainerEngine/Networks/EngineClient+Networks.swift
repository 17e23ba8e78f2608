/// What is the same call on both engines.
extension EngineClient {
    /// Takes containers out of `network`; one that is gone meanwhile is no error.
    func detach(_ containers: [(id: String, name: String)], from network: String) async throws(EngineError) {
        for container in containers {
            let route = Route(
                .post, "/networks/\(Route.encoded(network))/disconnect",
                "take container '\(container.name)' out of network '\(network)'")
            try await transport.call(try route.with(json: Detachment(container: container.id)), accepting: [404])
        }
    }

    func remove(network: String) async throws(EngineError) {
        try await transport.call(
            Route(.delete, "/networks/\(Route.encoded(network))", "remove network '\(network)'"), accepting: [404])
    }
}

private struct Detachment: Encodable {
    let container: String
    let force = true

    enum CodingKeys: String, CodingKey {
        case container = "Container"
        case force = "Force"
    }
}
