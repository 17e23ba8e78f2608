internal import Planning

/// Runs cycles until it is cancelled: one at once, then one per interval, with jitter, or when woken.
public struct ReconcileLoop: Sendable {
    private let reconciler: Reconciler
    private let interval: Duration
    private let jitter: Duration
    private let wake: Wake
    private let report: @Sendable (Result<CycleReport, any Error>) async -> Void

    /// `report` is called after every cycle.
    public init(
        reconciler: Reconciler, interval: Duration, jitter: Duration, wake: Wake,
        report: @escaping @Sendable (Result<CycleReport, any Error>) async -> Void
    ) {
        self.reconciler = reconciler
        self.interval = interval
        self.jitter = jitter
        self.wake = wake
        self.report = report
    }

    /// Returns when the task is cancelled, or after a cycle when stopped; a cycle's error is reported and the loop goes on.
    public func run() async {
        var scope = Reconciler.Scope.full
        while !Task.isCancelled, !wake.isStopped {
            do {
                let cycle = try await reconciler.cycle(scope)
                await report(.success(cycle))
                // The stack may have been torn down meanwhile, so the first cycle after a suspension looks at all of it.
                if case .suspended = cycle.outcome { scope = .full } else { scope = .poll }
            } catch is CancellationError {
                return
            } catch {
                await report(.failure(error))
                // A retry that is due must not ask a server that fails once a second.
                if await wake.wait(jittered) { scope = .full }
                continue
            }
            if await wake.wait(await pause()) { scope = .full }
        }
    }

    private var jittered: Duration { interval + jitter * Double.random(in: 0...1) }

    /// The interval with its jitter, or the time until the next retry where that is sooner.
    private func pause() async -> Duration {
        guard let retry = await reconciler.timeToNextRetry() else { return jittered }
        return max(.seconds(1), min(jittered, retry))
    }
}
