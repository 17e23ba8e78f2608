internal import Synchronization

/// Ends the pause between two cycles early; a wake during a cycle ends the next pause. Also ends the loop, when the
/// running cycle is through.
public final class Wake: Sendable {
    private struct State {
        var isPending = false
        var isStopped = false
        var waiter: CheckedContinuation<Bool, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    public func now() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            state.isPending = state.waiter == nil
            return state.waiter
        }
        waiter?.resume(returning: true)
    }

    /// Lets the loop end after the running cycle.
    public func stop() {
        state.withLock { $0.isStopped = true }
        now()
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Returns after `pause`, or at once when woken; whether it was woken.
    func wait(_ pause: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.signal() }
            group.addTask {
                try? await Task.sleep(for: pause)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            // A wake that came in the same moment as the end of the pause must not be lost.
            return await group.reduce(first) { $0 || $1 }
        }
    }

    private func signal() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.isPending {
                        state.isPending = false
                        return true
                    }
                    if Task.isCancelled { return false }
                    state.waiter = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: false)
        }
    }
}
