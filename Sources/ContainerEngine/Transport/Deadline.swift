internal import Synchronization

/// Notes that something arrived, so that a silent peer is told from a slow one.
final class Activity: Sendable {
    /// In bytes: a peer that sends less between two deadlines keeps a transfer up, and does not get on with it.
    private static let worthwhile = 64 << 10

    private let state = Mutex((last: ContinuousClock.now, pending: 0))

    func note() { state.withLock { $0 = (.now, 0) } }

    /// Of a transfer: drops are no activity.
    func note(bytes: Int) {
        state.withLock { state in
            state.pending += bytes
            if state.pending >= Self.worthwhile { state = (.now, 0) }
        }
    }

    var latest: ContinuousClock.Instant { state.withLock { $0.last } }
}

/// Bounds every wait on the engine.
enum Deadline {
    /// Ends `body` by cancellation after `limit`, after `idle` without a note on its activity, or when the disk is too full.
    static func run<Result: Sendable>(
        _ limit: Duration, idle: Duration? = nil, reserve: DiskReserve? = nil, _ action: String,
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
                if let reserve {
                    group.addTask {
                        try await reserve.keep(action)
                        return nil
                    }
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
