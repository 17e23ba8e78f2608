internal import AsyncHTTPClient
internal import Logging
internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Carries calls to the engine's socket, and starts the service where nothing listens.
final class Transport: Sendable {
    /// Who answers on the socket.
    struct Peer: Sendable {
        let product: EngineProduct
        /// Of the software: `4.3.1`.
        let version: String
        /// Before every path: `/v4.0.0/libpod` or `/v1.41`.
        let prefix: String
        /// The same of calls of Docker's API, which Podman serves beside its own.
        let compatiblePrefix: String
    }

    let configuration: EngineConfiguration
    let clients: Clients
    let logger: Logger
    /// The only engine that may answer; `nil` when each may.
    private let expected: EngineProduct?
    private let known = Mutex<Peer?>(nil)

    init(configuration: EngineConfiguration, logger: Logger, expecting expected: EngineProduct?) {
        self.expected = expected
        self.configuration = configuration
        self.logger = logger
        clients = Clients(caFile: configuration.caFile, patience: configuration.callDeadline / 3)
    }

    /// A call and its whole answer, of at most 64 MiB, whatever its status.
    func send(_ route: Route, deadline: Duration? = nil) async throws(EngineError) -> Answer {
        try await Deadline.run(deadline ?? configuration.callDeadline, route.action) { [self] _ in
            let response = try await open(route)
            let body = try await response.body.collect(upTo: 64 << 20)
            return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
        }
    }

    /// A call that has to succeed; `accepting` are further statuses that count as success.
    @discardableResult
    func call(
        _ route: Route, accepting: Set<Int> = [], deadline: Duration? = nil
    ) async throws(EngineError) -> Answer {
        let answer = try await send(route, deadline: deadline)
        guard 200..<300 ~= answer.status || accepting.contains(answer.status) else {
            throw EngineError(answer: answer, route.action)
        }
        return answer
    }

    func call<Value: Decodable>(_ route: Route, as type: Value.Type) async throws(EngineError) -> Value {
        try await call(route).decoded(type, route.action)
    }

    /// The head of an answer; its body is read by the caller, who holds the deadline.
    func open(_ route: Route) async throws -> HTTPClientResponse {
        let peer = try await peer()
        let prefix = route.isCompatible ? peer.compatiblePrefix : peer.prefix
        let request = route.request(socket: configuration.socket, prefix: prefix)
        do {
            return try await execute(request)
        } catch  where ConnectionWords.isNotListening(error) {
            try await startService(cause: error)
            return try await execute(request)
        } catch let error as HTTPClientError where error == .remoteConnectionClosed && route.isRepeatable {
            return try await execute(request)
        }
    }

    /// An engine that is too busy to take the connection is asked again: a deployment that gives up leaves nothing running.
    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        let began = ContinuousClock.now
        while true {
            do {
                return try await clients.engine.execute(request, deadline: .distantFuture)
            } catch  where ConnectionWords.isBusy(error) && ContinuousClock.now - began < configuration.callDeadline / 2
            {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Asks once in a process: an engine that is upgraded meanwhile still serves the older API.
    func peer() async throws(EngineError) -> Peer {
        if let peer = known.withLock({ $0 }) { return peer }
        guard configuration.socket.utf8.count <= UnixSocket.longest else {
            throw EngineError(
                .unreachable, "cannot reach the engine on '\(configuration.socket)': its path has more than 107 bytes",
                hint: "choose a shorter 'engine.socket'")
        }
        let peer = try await Deadline.run(configuration.callDeadline, "reach the engine") { [self] _ in
            try await ping()
        }
        known.withLock { $0 = peer }
        return peer
    }

    private func ping() async throws -> Peer {
        let request = Route(.get, "/_ping", "reach the engine").request(socket: configuration.socket, prefix: "")
        let response: HTTPClientResponse
        do {
            response = try await execute(request)
        } catch  where ConnectionWords.isNotListening(error) {
            try await startService(cause: error)
            response = try await execute(request)
        }
        let body = try await response.body.collect(upTo: 64 << 10)
        guard response.status == .ok else {
            let answer = Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
            throw EngineError(answer: answer, "reach the engine on '\(configuration.socket)'")
        }
        let peer = try Peer(response, socket: configuration.socket)
        if let expected, peer.product != expected { throw Peer.unexpected(expected, socket: configuration.socket) }
        return peer
    }

    private func startService(cause: any Error) async throws {
        guard configuration.startsService, daemon == nil else {
            let unit = (daemon ?? .presumed).traits.service.unit
            throw EngineError(
                .unreachable,
                "cannot reach the engine on '\(configuration.socket)': \(ConnectionWords.reason(of: cause))",
                hint: "start it with 'systemctl enable --now \(unit).socket'",
                disposition: .transient)
        }
        try await ServiceStart(configuration: configuration, logger: logger).run()
    }

    /// Whose socket it is: no service that is started here may take the place of a daemon that is down for a moment.
    private var daemon: EngineProduct? {
        let answered = known.withLock { $0?.product }
        return EngineProduct.allCases.first { product in
            let service = product.traits.service
            return service.isDaemon && (product == answered || configuration.socket.hasSuffix("/\(service.socketName)"))
        }
    }

    func shutDown() async { await clients.shutDown() }
}
