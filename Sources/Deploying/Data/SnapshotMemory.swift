internal import Model
internal import Synchronization

/// What a deployment knows of the data of before, for its roll back.
final class SnapshotMemory: Sendable {
    private struct State {
        var snapshot: DataSnapshot?
        var isUntouched = false
    }

    private let state = Mutex(State())

    /// The copy that this deployment made, or found.
    var snapshot: DataSnapshot? {
        get { state.withLock { $0.snapshot } }
        set { state.withLock { $0.snapshot = newValue } }
    }

    /// The copy failed before anything newer was started: the previous plan can go on with its data.
    var isUntouched: Bool {
        get { state.withLock { $0.isUntouched } }
        set { state.withLock { $0.isUntouched = newValue } }
    }
}
