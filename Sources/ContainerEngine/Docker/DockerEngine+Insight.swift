internal import FoundationEssentials
public import Planning

extension DockerEngine {
    public func inspect(_ id: String) async throws(EngineError) -> ContainerStatus? {
        let action = "inspect container '\(id)'"
        let answer = try await transport.call(
            Route(.get, "/containers/\(Route.encoded(id))/json", action), accepting: [404])
        guard answer.status != 404 else { return nil }
        var status = try answer.decoded(InspectedContainer.self, action).status
        status.name = Self.plain(status.name)
        return status
    }

    /// The API writes names as paths: `/acme-web`.
    static func plain(_ name: String) -> String { name.hasPrefix("/") ? String(name.dropFirst()) : name }

    /// The address is that of `container`, which is inspected while it runs; checks go there from the host itself.
    public func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult {
        await answer(to: check, container, timeout)
    }

    /// The engine remembers its last few hundred events.
    public func lastExitCode(_ id: String) async throws(EngineError) -> Int? {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let filters = #"{"container":["\#(id)"],"type":["container"],"event":["die"]}"#
        // Without an end the answer would have none; a whole second would miss what happened in this one.
        let end = "\(now / 1000).\("\(1000 + now % 1000)".dropFirst())000000"
        let query: KeyValuePairs = ["since": "\(now / 1000 - 86400)", "until": end, "filters": filters]
        let answer = try await transport.call(
            Route(.get, "/events", query, "read the events of container '\(id)'"))
        let last = answer.body.split(separator: UInt8(ascii: "\n")).compactMap { ContainerEvent(Array($0)) }.last
        return last?.labels["exitCode"].flatMap { Int($0) }
    }

    public func logTail(_ id: String, lines: Int) async throws(EngineError) -> String {
        let query: KeyValuePairs = ["stdout": "1", "stderr": "1", "tail": "\(lines)"]
        let answer = try await transport.call(
            Route(.get, "/containers/\(Route.encoded(id))/logs", query, "read the log of container '\(id)'"))
        return MultiplexedOutput(answer.body).text(last: 64 << 10)
    }
}
