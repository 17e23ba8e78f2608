internal import Planning

/// Plans that an operator took back: they are remembered like plans that failed for good, so that the next poll does not
/// deploy them again.
struct HeldPlans: Sendable {
    let memory: any FailureMemory

    /// Holds back the plans of these digests, which `commit` asks for. Returns those that were not remembered before.
    func hold(_ digests: Set<String>, of commit: CommitID, saying message: String, at time: Timestamp) async throws
        -> Set<String>
    {
        let known = Set(try await memory.failures().filter { $0.nextAttempt == nil }.map(\.planDigest))
        let new = digests.subtracting(known)
        for digest in new {
            try await memory.remember(
                FailedPlan(
                    planDigest: digest, commit: commit, disposition: .permanent, message: message, attempts: 1,
                    lastAttempt: time, nextAttempt: nil))
        }
        return new
    }

    func release(_ digests: Set<String>) async throws {
        for digest in digests { try await memory.forgetFailures(of: digest) }
    }

    /// Forgets every other failure: of what runs now, nothing has failed.
    func forgetAll(but digests: Set<String>) async throws {
        for failure in try await memory.failures() where !digests.contains(failure.planDigest) {
            try await memory.forgetFailures(of: failure.planDigest)
        }
    }
}
