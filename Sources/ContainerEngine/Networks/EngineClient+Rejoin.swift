/// A container's place on a network, as both engines tell it.
struct NetworkPlace: Decodable, Sendable {
    let address: String?
    let address6: String?
    let hardwareAddress: String?
    let aliases: [String]?

    enum CodingKeys: String, CodingKey {
        case address = "IPAddress"
        case address6 = "GlobalIPv6Address"
        case hardwareAddress = "MacAddress"
        case aliases = "Aliases"
    }

    var addresses: [String] { [address, address6].compactMap(\.self).filter { !$0.isEmpty } }

    /// Without the container's short id, which the engine adds itself.
    func names(except id: String) -> [String] { (aliases ?? []).filter { !id.hasPrefix($0) } }
}

private struct Member: Decodable, Sendable {
    struct Settings: Decodable, Sendable {
        let networks: [String: NetworkPlace]?

        enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    let id: String
    let settings: Settings?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case settings = "NetworkSettings"
    }
}

extension EngineClient {
    /// Takes a running container out of `network` and puts it back in its place, so that the engine leads the host's ports to
    /// it anew: only Podman's program has a call for that, and it needs rights that Fairlead's service has not.
    ///
    /// The hardware address stays too: neighbours would go on to the former one for half a minute. `body` writes the call.
    func rejoin<Body: Encodable>(
        _ container: String, to network: String, _ body: (String, NetworkPlace) -> Body
    ) async throws(EngineError) {
        let action = "put container '\(container)' back into network '\(network)'"
        let member = try await transport.call(
            Route(.get, "/containers/\(Route.encoded(container))/json", action), as: Member.self)
        guard let place = member.settings?.networks?[network] else {
            throw EngineError(.malformed, "cannot \(action): it is not in it")
        }
        let route = try Route(.post, "/networks/\(Route.encoded(network))/connect", action).with(
            json: body(member.id, place))
        var complaint: EngineError?
        do throws(EngineError) {
            try await detach([(container, container)], from: network)
        } catch {
            // Podman takes it out all the same, also where it finds no name server to tell: it has to come back.
            complaint = error
        }
        do throws(EngineError) {
            try await transport.call(route, deadline: configuration.callDeadline * 2)
        } catch {
            throw complaint ?? error
        }
    }
}
