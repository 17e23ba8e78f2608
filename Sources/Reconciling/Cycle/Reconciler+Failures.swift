internal import Deploying
internal import Planning

extension Reconciler {
    /// `stopsStack`: each try stops what runs, so that there are not more of them than `retry.attempts`.
    func remember(
        _ error: any Error, digest: String, commit: CommitID, attempts: Int, stopsStack: Bool = false
    ) async throws {
        let disposition = Disposition.of(error)
        let time = now()
        let isLast = disposition == .permanent || stopsStack && attempts >= options.retry.attempts
        let delay = isLast ? nil : options.retry.delay(after: attempts)
        try await journal.remember(
            FailedPlan(
                planDigest: digest, commit: commit, disposition: disposition,
                message: (error as? any Actionable)?.withoutLog ?? "\(error)", attempts: attempts,
                lastAttempt: time,
                nextAttempt: delay.map { Timestamp(milliseconds: time.milliseconds + $0.milliseconds) }))
    }

    /// The failures of starting the saved plan, or those of committed plans.
    func forgetFailures(ofBoot: Bool) async throws {
        for failure in try await journal.failures() where failure.isOfBoot == ofBoot {
            try await journal.forgetFailures(of: failure.planDigest)
        }
    }

    /// `nil` when no retry is planned. A failure of a plan that is no longer committed is never tried again.
    func timeToNextRetry() async -> Duration? {
        guard let failures = try? await journal.failures(), let tip = try? await journal.lastSeen(),
            (try? await journal.suspension()) == .some(nil)
        else { return nil }
        let time = now()
        let next = failures.filter { $0.isOfBoot || $0.commit == tip.commit.id }.compactMap { $0.nextTry(at: time) }
            .min()
        // One that is due and was not tried is of a container that the engine restarts: it is not asked for each second.
        return next.map { $0.since(time) }.map { $0 > .zero ? $0 : CrashWatch.grace }
    }
}

extension FailedPlan {
    private static let bootPrefix = "boot "
    private static let repairPrefix = "repair "

    /// What a commit is remembered under whose plan cannot be read, or whose stack cannot be given away.
    static func refusalKey(of commit: CommitID) -> String { "unresolved \(commit.hex)" }

    /// What the failed start of a saved plan is remembered under.
    static func bootKey(of desired: DesiredState) -> String { bootPrefix + desired.digest }

    /// What the failed repair of one container is remembered under.
    static func repairKey(of desired: DesiredState, container: String) -> String {
        "\(repairPrefix)\(desired.digest) \(container)"
    }

    /// Whether it is one of the saved plan, of all of it or of one container.
    var isOfBoot: Bool { planDigest.hasPrefix(Self.bootPrefix) || planDigest.hasPrefix(Self.repairPrefix) }

    /// Whether it is the failed start of all of the saved plan.
    var isOfWholeStack: Bool { planDigest.hasPrefix(Self.bootPrefix) }

    /// `nil` unless it is the failed repair of one container.
    var repairedContainer: String? {
        guard planDigest.hasPrefix(Self.repairPrefix) else { return nil }
        return planDigest.split(separator: " ", maxSplits: 2).last.map(String.init)
    }

    /// Whether it is not to be tried again yet, or not at all.
    func isHeldBack(at time: Timestamp) -> Bool { nextTry(at: time).map { $0 > time } ?? true }
}
