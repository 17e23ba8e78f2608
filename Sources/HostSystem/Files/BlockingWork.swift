internal import Dispatch
internal import Planning
internal import Synchronization

/// Blocking system calls, away from the threads that run everything else.
enum BlockingWork {
    /// Runs `work`; `purpose` completes "cannot … within …". Past the deadline it is left behind: a call that waits
    /// for a dead disk cannot be ended.
    static func run<Value: Sendable>(
        _ purpose: String, deadline: Duration = .seconds(60),
        _ work: @escaping @Sendable () throws(HostError) -> Value
    ) async throws(HostError) -> Value {
        let result: Result<Value, HostError> = await withCheckedContinuation { continuation in
            let answer = FirstAnswer(continuation)
            DispatchQueue.global().async { answer.give(Result(catching: work)) }
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Int(deadline.components.seconds))) {
                answer.give(
                    .failure(
                        HostError(
                            "cannot \(purpose) within \(deadline)", hint: "check the disk; see 'journalctl -k'",
                            disposition: .transient)))
            }
        }
        return try result.get()
    }
}

/// Resumes a continuation once, with whatever comes first.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private let waiting: Mutex<CheckedContinuation<Value, Never>?>

    init(_ continuation: CheckedContinuation<Value, Never>) { waiting = Mutex(continuation) }

    func give(_ value: Value) { waiting.withLock { $0.take() }?.resume(returning: value) }
}
