internal import Dispatch

/// Reads the mirror on a thread of its own: libgit2 blocks, and the cooperative pool must not.
actor MirrorReader {
    private let mirror: Mirror
    private let executor = QueueExecutor(label: "fairlead.git")

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ mirror: Mirror) { self.mirror = mirror }

    /// Opens the mirror for one reading, so that a mirror that was cloned anew is seen at once.
    func read<Result: Sendable>(_ body: @Sendable (borrowing RepositoryHandle) throws -> Result) throws -> Result {
        try GitLibrary.prepare()
        return try body(RepositoryHandle(path: mirror.path))
    }

    /// Runs blocking work on the files of the state directory.
    func run<Result: Sendable>(_ body: @Sendable () throws -> Result) rethrows -> Result { try body() }
}

/// A serial queue as an executor; Dispatch offers none on Linux.
private final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
