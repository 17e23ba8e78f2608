internal import Dispatch
internal import Model
internal import Synchronization

/// Blocking system calls, away from the threads that run everything else.
package enum BlockingWork {
    /// Runs `work`; `purpose` completes "cannot … within …". Past the deadline it is left behind: a call that waits
    /// for a dead disk cannot be ended.
    package static func run<Value: Sendable>(
        _ purpose: String, deadline: Duration = .seconds(60),
        _ work: @escaping @Sendable () throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        try await run(purpose, deadline: deadline, leavingBehind: { _ in }, work)
    }

    /// The same for what is looked at again and again: while a call at `path` is left behind, another one fails at once. Each
    /// of them holds a thread, and there are not many.
    package static func run<Value: Sendable>(
        _ purpose: String, at path: String, deadline: Duration = .seconds(60),
        _ work: @escaping @Sendable () throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        guard !LeftBehind.calls.wait(at: path) else {
            throw HostError(
                "cannot \(purpose): an earlier look there has not ended", hint: "check the disk; see 'journalctl -k'",
                disposition: .transient)
        }
        return try await run(purpose, deadline: deadline, leavingBehind: { LeftBehind.calls.add($0, at: path) }, work)
    }

    /// `leavingBehind` is told 1 when it is, and -1 when it ended all the same.
    private static func run<Value: Sendable>(
        _ purpose: String, deadline: Duration, leavingBehind: @escaping @Sendable (Int) -> Void,
        _ work: @escaping @Sendable () throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        let result: Result<Value, HostError> = await withCheckedContinuation { continuation in
            let answer = FirstAnswer(continuation)
            DispatchQueue.global().async { if !answer.give(Result(catching: work)) { leavingBehind(-1) } }
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Int(deadline.components.seconds))) {
                let late = HostError(
                    "cannot \(purpose) within \(deadline)", hint: "check the disk; see 'journalctl -k'",
                    disposition: .transient)
                if answer.give(.failure(late)) { leavingBehind(1) }
            }
        }
        return try result.get()
    }
}

/// Calls that were left behind and have not ended, by the path that they are about.
private final class LeftBehind: Sendable {
    static let calls = LeftBehind()

    private let counts = Mutex<[String: Int]>([:])

    func wait(at path: String) -> Bool { counts.withLock { $0[path, default: 0] > 0 } }

    /// Both ends of one may come in either order.
    func add(_ change: Int, at path: String) {
        counts.withLock { counts in
            let count = counts[path, default: 0] + change
            counts[path] = count == 0 ? nil : count
        }
    }
}

/// Resumes a continuation once, with whatever comes first.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private let waiting: Mutex<CheckedContinuation<Value, Never>?>

    init(_ continuation: CheckedContinuation<Value, Never>) { waiting = Mutex(continuation) }

    /// Whether it was the first.
    func give(_ value: Value) -> Bool {
        guard let first = waiting.withLock({ $0.take() }) else { return false }
        first.resume(returning: value)
        return true
    }
}
