internal import FoundationEssentials
public import Model

extension EngineClient {
    func readConfiguration(ofImage name: String) async throws(EngineError) -> ImageConfiguration? {
        let action = "read the configuration of image '\(name)'"
        let answer = try await transport.call(
            Route(.get, "/images/\(Route.encoded(name))/json", action), accepting: [404])
        return answer.status == 404 ? nil : try answer.decoded(ImageConfigurationAnswer.self, action).configuration
    }

    /// Those of `paths` below which something is written in the container's own layer. What the engine made for `mounts` does
    /// not count, nor a directory that is only listed since something in it changed.
    func changedPaths(
        in container: String, below paths: [String], beside mounts: Set<String>
    ) async throws(EngineError) -> [String] {
        let action = "look at what was written in container '\(container)'"
        let answer = try await transport.call(
            Route(.get, "/containers/\(Route.encoded(container))/changes", action), accepting: [404, 500],
            deadline: configuration.callDeadline * 2)
        // Podman looks for the layers of a container before it sees that there is none.
        let isGone = String(decoding: answer.body.prefix(1024), as: UTF8.self).contains("layer not known")
        guard answer.status != 500 || isGone else { throw EngineError(answer: answer, action) }
        guard answer.status == 200, !answer.body.isEmpty else { return [] }
        let changes = try answer.decoded([ChangedPath]?.self, action) ?? []
        let written = ChangedPath.written(changes, beside: mounts)
        return paths.filter { path in written.contains { $0.hasPrefix(path + "/") } }
    }
}

extension PodmanEngine {
    /// `nil` where there is no such image.
    public func configuration(ofImage name: String) async throws(EngineError) -> ImageConfiguration? {
        try await readConfiguration(ofImage: name)
    }

    /// Those of `paths` below which the container has files that its image has not, and which would go with it.
    public func writtenPaths(
        in container: String, below paths: [String], beside mounts: Set<String>
    ) async throws(EngineError) -> [String] {
        try await changedPaths(in: container, below: paths, beside: mounts)
    }
}
