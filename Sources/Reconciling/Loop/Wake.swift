internal import Synchronization

/// Ends the pause between two cycles early; a wake during a cycle ends the next pause. Also ends the loop, when the
/// running cycle is through.
public final class Wake: Sendable {
    /// What to look at.
    public enum Reason: Sendable, Comparable {
        /// Something happened to a container.
        case stack
        /// Everything, the repo included.
        case all
    }

    private struct State {
        var pending: Reason?
        var isStopped = false
        var waiter: CheckedContinuation<Reason?, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    public func now(_ reason: Reason = .all) {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.pending = max(reason, state.pending ?? reason) }
            return state.waiter
        }
        waiter?.resume(returning: reason)
    }

    /// Lets the loop end after the running cycle.
    public func stop() {
        state.withLock { $0.isStopped = true }
        now()
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Returns after `pause`, or at once when woken; why it was woken.
    func wait(_ pause: Duration) async -> Reason? {
        await withTaskGroup(of: Reason?.self) { group in
            group.addTask { await self.signal() }
            group.addTask {
                try? await Task.sleep(for: pause)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // A wake that came in the same moment as the end of the pause must not be lost.
            return await group.reduce(first) { $0 ?? $1 }
        }
    }

    private func signal() async -> Reason? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAnswered = state.withLock { state in
                    guard state.pending == nil, !Task.isCancelled else { return true }
                    state.waiter = continuation
                    return false
                }
                if isAnswered { continuation.resume(returning: takePending()) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: nil)
        }
    }

    private func takePending() -> Reason? {
        state.withLock { state in
            defer { state.pending = nil }
            return state.pending
        }
    }
}
