internal import AsyncHTTPClient
internal import NIOHTTP1
internal import Planning

extension Transport.Peer {
    /// From the headers of `_ping`: cheaper than `/version` and `/info` by a factor of 300.
    init(_ response: HTTPClientResponse, socket: String) throws(EngineError) {
        if let version = response.headers.first(name: "Libpod-API-Version") {
            self = try Self.podman(version, socket: socket)
        } else if let api = response.headers.first(name: "Api-Version"),
            let server = response.headers.first(name: "Server"), server.hasPrefix("Docker/")
        {
            self = try Self.docker(server, api: api, socket: socket)
        } else {
            throw EngineError(
                .malformed, "cannot use the engine on '\(socket)': it speaks neither Podman's API nor Docker's",
                hint: "set 'engine.socket' to Podman's socket, '/run/podman/podman.sock', or to Docker's")
        }
    }

    private static func podman(_ version: String, socket: String) throws(EngineError) -> Self {
        let major = version.split(separator: ".").first.flatMap { Int($0) } ?? 0
        guard major >= 4 else {
            throw EngineError(
                .malformed, "cannot use the engine on '\(socket)': Podman \(version) is too old",
                hint: "install Podman 4.3 or newer")
        }
        // What 4.x and 5.x both serve; a later major version that dropped it serves its own.
        return Self(
            product: .podman, version: version, prefix: major <= 5 ? "/v4.0.0/libpod" : "/v\(version)/libpod")
    }

    /// `server` is such as `Docker/20.10.24 (linux)`.
    private static func docker(_ server: String, api: String, socket: String) throws(EngineError) -> Self {
        let version = server.dropFirst("Docker/".count).prefix { $0 != " " }
        let numbers = api.split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) >= (1, 41) else {
            throw EngineError(
                .malformed, "cannot use the engine on '\(socket)': Docker \(version) is too old",
                hint: "install Docker 20.10 or newer")
        }
        // Newer ones serve nothing before 1.44, older ones nothing after 1.41.
        let isNew = (numbers[0], numbers[1]) >= (1, 44)
        return Self(product: .docker, version: String(version), prefix: isNew ? "/v1.44" : "/v1.41")
    }

    static func unexpected(_ product: EngineProduct, socket: String) -> EngineError {
        let (name, usual) = product == .podman ? ("Podman", "/run/podman/podman.sock") : ("Docker", "/run/docker.sock")
        return EngineError(
            .malformed, "cannot use the engine on '\(socket)': it does not speak \(name)'s API",
            hint: "set 'engine.socket' to \(name)'s socket, '\(usual)'")
    }
}
