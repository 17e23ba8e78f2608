internal import Logging
internal import Synchronization

/// Tells whoever reads the log that a fetch goes on: soon after its start, then now and then.
final class FetchLog: Sendable {
    private static let pauses: [Duration] = [.seconds(3), .seconds(10), .seconds(10), .seconds(30)]

    private struct State {
        var next: ContinuousClock.Instant
        var count = 0
    }

    private let url: String
    private let logger: Logger
    private let state: Mutex<State>

    init(url: String, logger: Logger, start: ContinuousClock.Instant = .now) {
        self.url = url
        self.logger = logger
        state = Mutex(State(next: start + Self.pauses[0]))
    }

    func note(_ progress: FetchProgress, at now: ContinuousClock.Instant = .now) {
        let isDue = state.withLock { state in
            guard now >= state.next else { return false }
            state.count += 1
            state.next = now + Self.pauses[min(state.count, Self.pauses.count - 1)]
            return true
        }
        guard isDue else { return }
        logger.notice("fetching the repository", metadata: ["progress": "\(progress.words)", "url": "\(url)"])
    }
}
