internal import Model
internal import Synchronization

/// The commit whose pack was above the limit: every poll would transfer as much again, and end in the same way.
///
/// Only this process remembers: who runs a command by hand, or starts the service again with another limit, has it asked.
final class OversizedPacks: Sendable {
    private static let patience = Duration.seconds(3600)

    private let known = Mutex<(commit: CommitID, failure: GitFailure, until: ContinuousClock.Instant)?>(nil)

    /// `nil` where it is to be asked for.
    func failure(of commit: CommitID) -> GitFailure? {
        known.withLock { known in
            guard let known, known.commit == commit, ContinuousClock.now < known.until else { return nil }
            return known.failure
        }
    }

    func note(_ failure: GitFailure, of commit: CommitID) {
        known.withLock { $0 = (commit, failure, .now + Self.patience) }
    }
}
