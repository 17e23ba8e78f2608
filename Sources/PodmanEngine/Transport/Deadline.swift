internal import Synchronization

/// Notes that something arrived, so that a silent peer is told from a slow one.
final class Activity: Sendable {
    private let last = Mutex(ContinuousClock.now)

    func note() { last.withLock { $0 = .now } }
    var latest: ContinuousClock.Instant { last.withLock { $0 } }
}

/// Bounds every wait on the engine.
enum Deadline {
    /// Ends `body` by cancellation after `limit`, or after `idle` without a note on its activity.
    static func run<Result: Sendable>(
        _ limit: Duration, idle: Duration? = nil, _ action: String,
        _ body: @escaping @Sendable (Activity) async throws -> Result
    ) async throws(EngineError) -> Result {
        let activity = Activity()
        do {
            return try await withThrowingTaskGroup(of: Result?.self) { group in
                group.addTask { try await body(activity) }
                group.addTask {
                    try await watch(activity, limit, idle, action)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let result = first else { throw CancellationError() }
                return result
            }
        } catch {
            throw EngineError(error, action)
        }
    }

    /// Always throws.
    private static func watch(
        _ activity: Activity, _ limit: Duration, _ idle: Duration?, _ action: String
    ) async throws {
        let end = ContinuousClock.now + limit
        while true {
            let silence = idle.map { activity.latest + $0 }
            try await Task.sleep(until: min(end, silence ?? end), clock: .continuous)
            let now = ContinuousClock.now
            if now >= end { throw EngineError.timedOut(action, after: limit, silent: false) }
            if let idle, now >= activity.latest + idle {
                throw EngineError.timedOut(action, after: idle, silent: true)
            }
        }
    }
}
