internal import AsyncHTTPClient
internal import Model
internal import NIOHTTP1

extension Transport.Peer {
    /// From the headers of `_ping`: cheaper than `/version` and `/info` by a factor of 300.
    init(_ response: HTTPClientResponse, socket: String) throws(EngineError) {
        for engine in EngineConnection.engines {
            guard let peer = try engine.peer(response.headers, socket: socket) else { continue }
            self = peer
            return
        }
        throw Self.unknown(socket)
    }

    private static func unknown(_ socket: String) -> EngineError {
        let usual = EngineProduct.presumed.traits
        let others = EngineProduct.allCases.filter { $0 != .presumed }.map { "\($0.traits.name)'s" }
        return EngineError(
            .malformed,
            "cannot use the engine on '\(socket)': it speaks neither \(usual.name)'s API nor "
                + others.joined(separator: " nor "),
            hint: "set 'engine.socket' to \(usual.name)'s socket, '\(usual.service.socket)', or to "
                + others.joined(separator: " or "))
    }

    static func tooOld(_ product: EngineProduct, _ version: String, needs oldest: String, socket: String) -> EngineError
    {
        let name = product.traits.name
        return EngineError(
            .malformed, "cannot use the engine on '\(socket)': \(name) \(version) is too old",
            hint: "install \(name) \(oldest) or newer")
    }

    static func unexpected(_ product: EngineProduct, socket: String) -> EngineError {
        let (name, usual) = (product.traits.name, product.traits.service.socket)
        return EngineError(
            .malformed, "cannot use the engine on '\(socket)': it does not speak \(name)'s API",
            hint: "set 'engine.socket' to \(name)'s socket, '\(usual)'")
    }
}
