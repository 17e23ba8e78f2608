/// How fast what failed is tried again: after a pause that doubles up to the longest, for as long as it takes.
///
/// What waits outlives its process and the host's boot, so that moments are those of the host's clock; one that was ahead keeps
/// nothing waiting.
public struct Backoff: Hashable, Sendable {
    /// Failures in a row, the first included, after which it is not a matter of moments: somebody is told then, and what is too
    /// dear to be tried for ever is not tried again by itself.
    public var attempts: Int
    public var firstDelay: Duration
    public var longestDelay: Duration

    /// Without `attempts` nobody is told.
    public init(attempts: Int = .max, firstDelay: Duration, longestDelay: Duration) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// After so many failures in a row, from 1.
    public func delay(after failures: Int) -> Duration {
        var delay = firstDelay
        for _ in 1..<min(max(failures, 1), Self.mostDoublings) where delay < longestDelay { delay *= 2 }
        return min(delay, longestDelay)
    }

    /// Of a millisecond that is over three weeks.
    private static let mostDoublings = 32

    /// Whether it failed so often that somebody is told.
    public func isLasting(after failures: Int) -> Bool { failures >= attempts }

    /// When it is tried again; `nil`: not by itself.
    ///
    /// `stopsStack`: each try stops what runs, which a plan is not worth for ever. `nothingRuns`: the failure left no container,
    /// so that users wait for the next try.
    public func nextTry(
        after failures: Int, _ disposition: Disposition, stopsStack: Bool = false, nothingRuns: Bool = false,
        at now: Timestamp
    ) -> Timestamp? {
        guard !disposition.isForGood, !stopsStack || !isLasting(after: failures) else { return nil }
        let delay = delay(after: failures)
        return now.adding(nothingRuns ? min(delay, max(firstDelay, Self.longestOutage)) : delay)
    }

    /// Between two tries while nothing runs.
    private static let longestOutage = Duration.seconds(60)

    /// Whether the pause after the last of so many failures is over.
    public func isOver(after failures: Int, since last: Timestamp, at now: Timestamp) -> Bool {
        now.isAfter(delay(after: failures), since: last)
    }

    /// Whether the time of the next try has come. What is further away than any pause was set by a clock that was ahead.
    public func isDue(_ next: Timestamp?, at now: Timestamp) -> Bool {
        guard let wait = next?.since(now) else { return true }
        return wait <= .zero || wait > longestDelay
    }
}
