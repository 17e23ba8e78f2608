internal import ContainerEngine
internal import Logging
internal import Model
internal import Reconciling
internal import ServiceLifecycle

/// Follows the engine's events, so that the loop looks at the stack in the moment in which something happens there.
///
/// A stream that breaks is opened again, for as long as the daemon lives; until then the polls look.
struct EventService: Service {
    let engine: HostEngine
    let wake: Wake
    let logger: Logger

    /// Events come in bursts: a stop alone is four of them.
    private static let burst = Duration.milliseconds(300)
    /// Between two looks, so that a container that crashes in a loop does not keep the engine busy.
    private static let gap = Duration.seconds(5)
    private static let backoff = Backoff(firstDelay: .seconds(1), longestDelay: .seconds(60))

    func run() async throws {
        // The cancelled wait is the end that was asked for: as an error it would fail the whole stop.
        try? await cancelWhenGracefulShutdown {
            let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await followForever(signal) }
                group.addTask {
                    for await _ in signals {
                        try await Task.sleep(for: Self.burst)
                        wake.now(.stack)
                        try await Task.sleep(for: Self.gap)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func followForever(_ signal: AsyncStream<Void>.Continuation) async throws {
        var failures = 0
        while true {
            let began = ContinuousClock.now
            do {
                for try await event in try await engine.events() {
                    logger.debug("event", metadata: ["action": "\(event.action)", "container": "\(event.container)"])
                    signal.yield()
                }
                logger.debug("the engine's events ended")
            } catch let error where !(error is CancellationError) {
                logger.debug("the engine's events cannot be followed", metadata: ["error": "\(error)"])
            }
            // A stream that held for a while was a good one.
            if ContinuousClock.now - began > Self.backoff.longestDelay { failures = 0 }
            failures += 1
            try await Task.sleep(for: Self.backoff.delay(after: failures))
            // Whatever happened meanwhile went unseen.
            signal.yield()
        }
    }
}
