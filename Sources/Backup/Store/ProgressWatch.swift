internal import Synchronization

/// Sees whether a transfer gets on.
struct ProgressWatch {
    struct Stalled: Error { let limit: Duration }

    private let limit: Duration
    private var bytes: Int64 = -1
    private var since = ContinuousClock.now

    init(limit: Duration) { self.limit = limit }

    mutating func see(_ count: Int64) throws(Stalled) {
        guard count == bytes else {
            (bytes, since) = (count, .now)
            return
        }
        guard ContinuousClock.now - since < limit else { throw Stalled(limit: limit) }
    }
}

/// rclone's log, read while it runs and explained after its end.
final class SharedLog: Sendable {
    private struct State {
        var log = RcloneLog()
        var line: [UInt8] = []
    }

    private let state = Mutex(State())

    var value: RcloneLog { state.withLock(\.log) }

    /// The counts of transferred bytes in what came in.
    func add(_ chunk: [UInt8]) -> [Int64] {
        state.withLock { state in
            state.line += chunk
            var lines = state.line.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            state.line = Array(lines.removeLast())
            return lines.filter { !$0.isEmpty }.compactMap { state.log.add($0) }
        }
    }
}
