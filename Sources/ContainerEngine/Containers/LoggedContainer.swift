/// What an engine tells of a container's log.
struct LoggedContainer: Decodable {
    /// As both engines call it when nothing is kept.
    static let noDriver = "none"
    /// In place of the lines of a container that keeps none, so that nobody takes it for one that said nothing.
    static let switchedOff = #"(its log is switched off: "logs": {"driver": "none"} in the plan)"#

    private struct Host: Decodable {
        let log: Log

        enum CodingKeys: String, CodingKey { case log = "LogConfig" }
    }

    private struct Log: Decodable {
        let driver: String

        enum CodingKeys: String, CodingKey { case driver = "Type" }
    }

    private let host: Host

    private enum CodingKeys: String, CodingKey { case host = "HostConfig" }

    var isSwitchedOff: Bool { host.log.driver == Self.noDriver }
}

extension Transport {
    /// The last bytes of a log by `route`; in words where the container has none. Engines answer such a question with an error.
    func logTail(of id: String, by route: Route) async throws(EngineError) -> String {
        let failure: EngineError
        do {
            return MultiplexedOutput(try await call(route).body).text(last: 64 << 10)
        } catch {
            failure = error
        }
        let action = "inspect container '\(id)'"
        let answer = try? await call(Route(.get, "/containers/\(Route.encoded(id))/json", action))
        guard let container = try? answer?.decoded(LoggedContainer.self, action), container.isSwitchedOff else {
            throw failure
        }
        return LoggedContainer.switchedOff
    }
}
