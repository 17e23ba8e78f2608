public import Model
internal import Synchronization

/// A clock that stands until a test moves it.
public final class TestClock: Sendable {
    private struct State {
        /// In milliseconds since 1970.
        var time: Int64
        var sleepers: [Int: Sleeper] = [:]
        var started = 0
    }

    private struct Sleeper {
        let end: Int64
        let wake: CheckedContinuation<Void, any Error>
    }

    private let state: Mutex<State>

    /// In milliseconds since 1970.
    public init(_ milliseconds: Int64 = 1_800_000_000_000) { state = Mutex(State(time: milliseconds)) }

    public var now: @Sendable () -> Timestamp {
        { [self] in Timestamp(milliseconds: state.withLock { $0.time }) }
    }

    /// Returns when `count` sleep. Throws when they do not within half a minute of the real time.
    public func untilAsleep(_ count: Int) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while state.withLock({ $0.sleepers.count }) != count {
            guard ContinuousClock.now < end else { throw ScriptedFailure("\(count) do not sleep") }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Ends the sleep of those whose time has come by then.
    public func advance(by duration: Duration) {
        let awake = state.withLock { state in
            state.time += duration.milliseconds
            let due = state.sleepers.filter { $0.value.end <= state.time }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.sorted { $0.end < $1.end }
        }
        for sleeper in awake { sleeper.wake.resume() }
    }

    /// Until the clock was moved by so much; throws when the task is cancelled before.
    public func sleep(for duration: Duration) async throws {
        let number = state.withLock { state in
            state.started += 1
            return state.started
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let sleeps = state.withLock { state in
                    // A cancellation from here on finds the sleeper.
                    guard !Task.isCancelled else { return false }
                    state.sleepers[number] = Sleeper(end: state.time + duration.milliseconds, wake: wake)
                    return true
                }
                if !sleeps { wake.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.wake.resume(throwing: CancellationError())
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
