internal import AsyncHTTPClient
public import Model
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

extension PodmanEngine {
    /// The address is that of `container`, which is inspected while it runs; checks go there from the host itself.
    public func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult {
        await answer(to: check, container, timeout)
    }
}

extension EngineClient {
    func answer(
        to check: HealthCheck, _ container: ContainerStatus, _ timeout: PlanDuration
    ) async -> ProbeResult {
        do {
            switch check {
            case .off: return .healthy
            case .command(let command): return try await run(command, in: container.id, timeout)
            case .http(let http):
                guard let address = container.address else { return .unhealthy(noAddress) }
                return try await get(http, address, timeout)
            case .tcp(let port):
                guard let address = container.address else { return .unhealthy(noAddress) }
                return try await connect(address, port, timeout)
            }
        } catch let error as EngineError where error.reason == .timedOut {
            return .unhealthy("no answer within \(timeout)")
        } catch {
            return .unhealthy((error as? EngineError)?.message ?? ConnectionWords.reason(of: error))
        }
    }

    private var noAddress: String { "the container has no address; it does not run" }

    private func get(_ check: HTTPCheck, _ address: String, _ timeout: PlanDuration) async throws -> ProbeResult {
        let host = address.contains(":") ? "[\(address)]" : address
        let path = check.path.hasPrefix("/") ? check.path : "/" + check.path
        var request = HTTPClientRequest(url: "\(check.tls ? "https" : "http")://\(host):\(check.port)\(path)")
        request.headers.add(name: "User-Agent", value: "fairlead")
        request.headers.add(name: "Connection", value: "close")
        let client = transport.clients.probes
        return try await withProbeDeadline(timeout) { [request] in
            // The body is not read: a check that is answered with a gigabyte costs no more than any other.
            let status = try await client.execute(request, deadline: .distantFuture).status
            return 200..<400 ~= status.code ? .healthy : .unhealthy("status \(status.code)")
        }
    }

    private func connect(_ address: String, _ port: UInt16, _ timeout: PlanDuration) async throws -> ProbeResult {
        try await withProbeDeadline(timeout) {
            let channel = try await ClientBootstrap(group: Clients.group)
                .connectTimeout(.milliseconds(timeout.milliseconds)).connect(host: address, port: Int(port)).get()
            try? await channel.close()
            return .healthy
        }
    }

    /// Says `connection refused`, not which call of the engine failed: there was none.
    private func withProbeDeadline(
        _ timeout: PlanDuration, _ body: @escaping @Sendable () async throws -> ProbeResult
    ) async throws -> ProbeResult {
        try await Deadline.run(timeout.duration, "check") { _ in
            do {
                return try await body()
            } catch {
                let reason = ConnectionWords.reason(of: error)
                return ConnectionWords.lacksWay(error) ? .unreachable(reason) : .unhealthy(reason)
            }
        }
    }
}
