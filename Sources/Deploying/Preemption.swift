internal import Synchronization

/// Tells a running deployment that a newer commit has overtaken it.
public final class Preemption: Sendable {
    private let requested = Atomic<Bool>(false)

    public init() {}

    public func request() { requested.store(true, ordering: .relaxed) }

    /// Throws when it was requested; called where stopping is safe.
    func check() throws {
        try Task.checkCancellation()
        if requested.load(ordering: .relaxed) { throw DeploymentError.preempted }
    }
}
