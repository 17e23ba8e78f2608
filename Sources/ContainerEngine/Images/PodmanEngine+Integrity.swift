internal import AsyncHTTPClient
internal import Model
internal import NIOCore
internal import NIOHTTP1

extension PodmanEngine {
    /// The engine writes an archive of the image, for which it compares each file with what was pulled; the archive is
    /// dropped. Throws where that cannot be told, such as for want of space for the archive.
    public func isIntact(_ id: String) async throws(EngineError) -> Bool { try await canBeSaved(id) }
}

extension EngineClient {
    /// Docker takes no `format`, and writes that of Docker.
    func canBeSaved(_ id: String) async throws(EngineError) -> Bool {
        let route = Route(
            .get, "/images/\(Route.encoded(id))/get", ["format": "docker-archive"], "check image '\(id)'")
        return try await Deadline.run(configuration.transferDeadline, route.action) { [transport] _ in
            let response = try await transport.open(route)
            guard response.status != .ok else {
                for try await _ in response.body {}
                return true
            }
            let body = try await response.body.collect(upTo: 1 << 20)
            let error = EngineError(
                answer: Answer(status: Int(response.status.code), body: Array(body.readableBytesView)), route.action)
            guard error.isForGood else { throw error }
            return false
        }
    }
}
