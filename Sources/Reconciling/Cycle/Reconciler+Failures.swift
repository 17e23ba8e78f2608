internal import Deploying
internal import Planning

extension Reconciler {
    /// `stopsStack`: each try stops what runs, so that there are not more of them than `retry.attempts`.
    func remember(
        _ error: any Error, key: FailureKey, commit: CommitID, attempts: Int, stopsStack: Bool = false,
        nothingRuns: Bool = false
    ) async throws {
        let disposition = Disposition.of(error)
        let time = now()
        try await journal.remember(
            FailedPlan(
                key: key, commit: commit, disposition: disposition,
                message: (error as? any Actionable)?.withoutLog ?? "\(error)", attempts: attempts,
                lastAttempt: time,
                nextAttempt: options.retry.nextTry(
                    after: attempts, disposition, stopsStack: stopsStack, nothingRuns: nothingRuns, at: time)))
    }

    /// The failures of the deployed plan, or those of commits.
    func forgetFailures(ofDeployed: Bool) async throws {
        for failure in try await journal.failures() where failure.key.isOfDeployed == ofDeployed {
            try await journal.forgetFailures(of: failure.key)
        }
    }

    /// `nil` when no retry is planned. A failure of a plan that is no longer committed is never tried again.
    func timeToNextRetry() async -> Duration? {
        guard let failures = try? await journal.failures(), let tip = try? await journal.lastSeen(),
            (try? await journal.suspension()) == .some(nil)
        else { return nil }
        let time = now()
        let tried = failures.filter { $0.key.isOfDeployed || $0.commit == tip.commit.id }
        let next = tried.compactMap { $0.nextTry(at: time) }.min()
        // One that is due and was not tried is of a container that the engine restarts: it is not asked for each second.
        return next.map { $0.since(time) }.map { $0 > .zero ? $0 : CrashWatch.grace }
    }
}

extension FailedPlan {
    /// Whether it is not to be tried again yet, or not at all.
    func isHeldBack(at time: Timestamp) -> Bool { nextTry(at: time).map { $0 > time } ?? true }
}
