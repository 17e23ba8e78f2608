internal import Model
internal import Synchronization

/// What the child found of commits, remembered for as long as the mirror has the same packs: nothing is unfolded again and
/// again because of what a server sent once.
final class CommitVerdicts: Sendable {
    private struct Verdict {
        let packs: [String]
        let result: Result<Void, GitFailure>
    }

    private let known = Mutex<[CommitID: Verdict]>([:])

    func verdict(on commit: CommitID, packs: [String]) -> Result<Void, GitFailure>? {
        known.withLock { known in
            guard let verdict = known[commit], verdict.packs == packs else { return nil }
            return verdict.result
        }
    }

    func note(_ result: Result<Void, GitFailure>, on commit: CommitID, packs: [String]) {
        known.withLock { $0[commit] = Verdict(packs: packs, result: result) }
    }

    /// What was found damaged after it had passed is looked at again.
    func forget(_ commit: CommitID) { known.withLock { $0[commit] = nil } }
}
