internal import AsyncHTTPClient
internal import FoundationEssentials
public import Model
internal import NIOCore
internal import NIOHTTP1

/// What happens to containers and their networks, as it happens; ends when the engine's service ends.
///
/// Iterating opens one connection; an event that cannot be read is skipped.
public struct ContainerEvents: AsyncSequence, Sendable {
    let transport: Transport
    let route: Route

    public struct AsyncIterator: AsyncIteratorProtocol {
        let transport: Transport
        let route: Route
        var lines: AnswerLines.AsyncIterator?

        public mutating func next() async throws(EngineError) -> ContainerEvent? {
            do {
                var lines = try await opened()
                defer { self.lines = lines }
                while let line = try await lines.next() {
                    if let event = ContainerEvent(line) { return event }
                }
                return nil
            } catch {
                throw EngineError(error, route.action)
            }
        }

        private func opened() async throws -> AnswerLines.AsyncIterator {
            if let lines { return lines }
            let response = try await transport.open(route)
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: 1 << 20)
                throw EngineError(
                    answer: Answer(status: Int(response.status.code), body: Array(body.readableBytesView)),
                    route.action)
            }
            return AnswerLines(body: response.body, activity: Activity()).makeAsyncIterator()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(transport: transport, route: route)
    }
}

extension EngineClient {
    /// Which make a difference to whoever watches a stack, in the words of both engines; health checks are none.
    private static var watched: [String] {
        ["create", "start", "died", "die", "remove", "destroy", "pause", "rename", "update", "connect", "disconnect"]
    }

    func follow(_ since: Timestamp?) -> ContainerEvents {
        var route = Route(
            .get, "/events",
            ["stream": "true", "filters": Route.filters(["type": ["container", "network"], "event": Self.watched])],
            "follow the engine's events")
        if let since { route.query.append(("since", "\(since.milliseconds / 1000)")) }
        return ContainerEvents(transport: transport, route: route)
    }
}

extension ContainerEvent {
    private struct Line: Decodable {
        struct Actor: Decodable {
            let id: String
            let attributes: [String: String]?

            enum CodingKeys: String, CodingKey {
                case id = "ID"
                case attributes = "Attributes"
            }
        }

        let action: String
        let actor: Actor

        enum CodingKeys: String, CodingKey {
            case action = "Action"
            case actor = "Actor"
        }
    }

    init?(_ line: [UInt8]) {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.withoutCrowds)) else { return nil }
        // `die` in the form of later versions.
        let action = line.action == "die" ? .died : Action(rawValue: line.action) ?? .other
        self.init(container: line.actor.id, action: action, labels: line.actor.attributes ?? [:])
    }
}
