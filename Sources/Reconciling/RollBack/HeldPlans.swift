internal import Model

/// Plans that an operator took back: they are remembered like plans that failed for good, so that the next poll does not
/// deploy them again.
struct HeldPlans: Sendable {
    let memory: any FailureMemory

    /// Holds back the plans of these digests, each with the commit that asks for it. Returns what was remembered of them
    /// before.
    func hold(
        _ plans: [String: CommitID], saying message: String, at time: Timestamp
    ) async throws -> [FailedPlan] {
        let earlier = try await memory.failures().filter { failure in
            plans.keys.contains { failure.key == .plan($0) }
        }
        for (digest, commit) in plans {
            let key = FailureKey.plan(digest)
            let attempts = earlier.first { $0.key == key }?.attempts
            try await memory.remember(
                FailedPlan(
                    key: key, commit: commit, disposition: .permanent, message: message,
                    attempts: attempts ?? 1, lastAttempt: time, nextAttempt: nil, takenBack: true))
        }
        return earlier
    }

    /// Undoes it.
    func release(_ digests: Set<String>, to earlier: [FailedPlan]) async throws {
        for digest in digests { try await memory.forgetFailures(of: .plan(digest)) }
        for failure in earlier { try await memory.remember(failure) }
    }

    /// Forgets every other failure: of what runs now, nothing has failed.
    func forgetAll(but digests: Set<String>) async throws {
        let held = Set(digests.map(FailureKey.plan))
        for failure in try await memory.failures() where !held.contains(failure.key) {
            try await memory.forgetFailures(of: failure.key)
        }
    }
}
