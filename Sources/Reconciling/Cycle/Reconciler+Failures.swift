internal import Deploying
internal import Planning

extension Reconciler {
    func remember(_ error: any Error, digest: String, commit: CommitID, attempts: Int) async throws {
        let disposition = Disposition.of(error)
        let time = now()
        let delay = disposition == .permanent ? nil : options.retry.delay(after: attempts)
        try await journal.remember(
            FailedPlan(
                planDigest: digest, commit: commit, disposition: disposition, message: "\(error)", attempts: attempts,
                lastAttempt: time,
                nextAttempt: delay.map { Timestamp(milliseconds: time.milliseconds + $0.milliseconds) }))
    }

    /// The failures of starting the saved plan, or those of committed plans.
    func forgetFailures(ofBoot: Bool) async throws {
        for failure in try await journal.failures() where failure.isOfBoot == ofBoot {
            try await journal.forgetFailures(of: failure.planDigest)
        }
    }

    /// Whether the saved plan could not be started, and it is time to try again.
    func isBootDue() async throws -> Bool {
        try await journal.failures().contains { $0.isOfBoot && ($0.nextAttempt.map { $0 <= now() } ?? false) }
    }

    /// `nil` when no retry is planned. A failure of a plan that is no longer committed is never tried again.
    func timeToNextRetry() async -> Duration? {
        guard let failures = try? await journal.failures(), let tip = try? await journal.lastSeen(),
            (try? await journal.suspension()) == .some(nil)
        else { return nil }
        return failures.filter { $0.isOfBoot || $0.commit == tip.commit.id }
            .compactMap(\.nextAttempt).min().map { $0.since(now()) }
    }
}

extension FailedPlan {
    private static let bootPrefix = "boot "

    /// What the failed start of a saved plan is remembered under.
    static func bootKey(of desired: DesiredState) -> String { bootPrefix + desired.digest }

    var isOfBoot: Bool { planDigest.hasPrefix(Self.bootPrefix) }
}
