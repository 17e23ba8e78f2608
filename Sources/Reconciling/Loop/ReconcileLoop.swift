/// Runs cycles until it is cancelled: one at once, then one per interval, with jitter, or when woken.
public struct ReconcileLoop: Sendable {
    private let reconciler: Reconciler
    private let interval: Duration
    private let jitter: Duration
    private let wake: Wake
    private let report: @Sendable (Result<CycleReport, any Error>) async -> Void
    private let rests: @Sendable (Duration) async -> Void

    /// `report` is called after every cycle, then `rests` with the time until the next one.
    public init(
        reconciler: Reconciler, interval: Duration, jitter: Duration, wake: Wake,
        report: @escaping @Sendable (Result<CycleReport, any Error>) async -> Void,
        rests: @escaping @Sendable (Duration) async -> Void
    ) {
        self.reconciler = reconciler
        self.interval = interval
        self.jitter = jitter
        self.wake = wake
        self.report = report
        self.rests = rests
    }

    /// Returns when the task is cancelled, or after a cycle when stopped; a cycle's error is reported and the loop goes on.
    public func run() async {
        var scope = Reconciler.Scope.full
        while !Task.isCancelled, !wake.isStopped {
            var pause = jittered
            do {
                let cycle = try await reconciler.cycle(scope)
                await report(.success(cycle))
                // The stack may have been torn down meanwhile, so the first cycle after a suspension looks at all of it.
                if case .suspended = cycle.outcome { scope = .full } else { scope = .poll }
                pause = shortened(pause, by: await reconciler.timeToNextRetry())
            } catch is CancellationError {
                return
            } catch {
                await report(.failure(error))
                // A retry that is due must not ask a server that fails once a second.
            }
            await rests(pause)
            if await rest(pause) == .all { scope = .full }
        }
    }

    private var jittered: Duration { interval + jitter * Double.random(in: 0...1) }

    /// The time until the next retry, where that is sooner.
    private func shortened(_ pause: Duration, by retry: Duration?) -> Duration {
        retry.map { max(.seconds(1), min(pause, $0)) } ?? pause
    }

    /// Until the next poll; looks at the stack meanwhile, whenever something happens there.
    private func rest(_ pause: Duration) async -> Wake.Reason? {
        var end = ContinuousClock.now + pause
        while !Task.isCancelled {
            let reason = await wake.wait(max(.zero, end - .now))
            // A stack that never comes to rest must not keep the poll from its time.
            guard reason == .stack, !wake.isStopped, ContinuousClock.now < end else { return reason }
            do {
                // Overtaken: the newer commit does not wait for the next poll.
                if try await reconciler.checkStack() { return nil }
                end = min(end, .now + shortened(pause, by: await reconciler.timeToNextRetry()))
            } catch is CancellationError {
                return nil
            } catch {
                await report(.failure(error))
            }
        }
        return nil
    }
}
