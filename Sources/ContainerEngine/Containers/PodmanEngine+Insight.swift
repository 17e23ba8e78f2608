public import Model

extension PodmanEngine {
    /// Of a container whose storage is damaged it tells what the engine lists.
    public func inspect(_ id: String) async throws(EngineError) -> ContainerStatus? {
        let action = "inspect container '\(id)'"
        let answer = try await transport.send(Route(.get, "/containers/\(Route.encoded(id))/json", action))
        switch answer.status {
        case 200: return try answer.decoded(InspectedContainer.self, action).status
        case 404: return nil
        default:
            let listed = try await list(["all": "true", "filters": Route.filters("id", id)])
            if let status = listed.first { return status }
            let error = EngineError(answer: answer, action)
            guard error.isOfGoneContainer else { throw error }
            return nil
        }
    }

    public func lastExitCode(_ id: String) async throws(EngineError) -> Int? {
        let action = "read the events of container '\(id)'"
        let filters = #"{"container":["\#(id)"],"type":["container"],"event":["died"]}"#
        let answer = try await transport.call(
            Route(.get, "/events", ["stream": "false", "since": "24h", "filters": filters], action))
        let last = answer.body.split(separator: UInt8(ascii: "\n")).compactMap { ContainerEvent(Array($0)) }.last
        return last?.labels["containerExitCode"].flatMap { Int($0) }
    }

    public func logTail(_ id: String, lines: Int) async throws(EngineError) -> String {
        let query: KeyValuePairs = ["stdout": "true", "stderr": "true", "tail": "\(lines)"]
        let route = Route(
            .get, "/containers/\(Route.encoded(id))/logs", query, "read the log of container '\(id)'")
        return try await transport.logTail(of: id, by: route)
    }
}
