internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// The lines of an answer that arrives piece by piece; every piece is noted as activity.
struct AnswerLines: AsyncSequence {
    let body: HTTPClientResponse.Body
    let activity: Activity

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator
        let activity: Activity
        var rest: [UInt8] = []
        var ended = false

        mutating func next() async throws -> [UInt8]? {
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = Array(rest[..<end])
                    rest.removeFirst(end + 1)
                    if !line.isEmpty { return line }
                } else if ended || rest.count > 4 << 20 {
                    defer { rest = [] }
                    return rest.isEmpty ? nil : rest
                } else if let piece = try await base.next() {
                    activity.note()
                    rest.append(contentsOf: piece.readableBytesView)
                } else {
                    ended = true
                }
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: body.makeAsyncIterator(), activity: activity)
    }
}

extension Transport {
    /// A call whose answer is read line by line; bounded by the engine's idle and transfer deadlines.
    func lines<Result: Sendable>(
        _ route: Route, _ consume: @escaping @Sendable (AnswerLines) async throws -> Result
    ) async throws(EngineError) -> Result {
        let (limit, idle) = (configuration.transferDeadline, configuration.idleDeadline)
        let reserve = configuration.reserve
        return try await Deadline.run(limit, idle: idle, reserve: reserve, route.action) { [self] activity in
            let response = try await open(route)
            activity.note()
            guard 200..<300 ~= response.status.code else {
                let body = try await response.body.collect(upTo: 1 << 20)
                let answer = Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
                throw EngineError(answer: answer, route.action)
            }
            return try await consume(AnswerLines(body: response.body, activity: activity))
        }
    }
}
