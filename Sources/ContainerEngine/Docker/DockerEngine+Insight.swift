internal import FoundationEssentials
public import Model

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
        let route = Route(
            .get, "/containers/\(Route.encoded(id))/logs", query, "read the log of container '\(id)'")
        return try await transport.logTail(of: id, by: route)
    }
}

extension DockerEngine {
    /// `nil` where there is no such image.
    public func configuration(ofImage name: String) async throws(EngineError) -> ImageConfiguration? {
        var found = try await readConfiguration(ofImage: name)
        // It makes the working directory that a plan names, and keeps layers in ways of its own.
        found?.layers = []
        return found
    }

    /// Those of `paths` below which the container has files, in its layer or in an anonymous volume, which would go with it.
    public func writtenPaths(
        in container: String, below paths: [String], beside mounts: Set<String>
    ) async throws(EngineError) -> [String] {
        let action = "look at the volumes of container '\(container)'"
        let answer = try await transport.call(
            Route(.get, "/containers/\(Route.encoded(container))/json", action), accepting: [404])
        guard answer.status != 404 else { return [] }
        let volumes = try answer.decoded(ContainerVolumesAnswer.self, action).volumes
        let changed = try await changedPaths(in: container, below: paths, beside: mounts)
        return paths.filter { changed.contains($0) || volumes[$0].map(Self.holdsFiles) ?? false }
    }

    private static func holdsFiles(_ directory: String) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: directory))?.isEmpty == false
    }
}
