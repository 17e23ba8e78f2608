internal import Deploying
internal import Model

/// What failed on this host, so that it is tried again when its time has come, or not at all.
struct FailureLog: Sendable {
    let memory: any FailureMemory
    let retry: Backoff
    let now: @Sendable () -> Timestamp

    func failure(of key: FailureKey) async throws -> FailedPlan? { try await memory.failure(of: key) }

    /// Whether it failed before, and is not to be tried now.
    func isHeldBack(_ key: FailureKey) async throws -> Bool {
        try await failure(of: key)?.isHeldBack(at: now()) ?? false
    }

    /// The containers whose repair failed, and is not to be tried again yet.
    func containersHeldBack() async throws -> Set<String> {
        Set(try await memory.failures().filter { $0.isHeldBack(at: now()) }.compactMap(\.key.repairedContainer))
    }

    /// `attempts`: failures in a row, this one included; one more than are remembered when `nil`. `stopsStack`: each try stops what
    /// runs, so that there are not more of them than `retry.attempts`.
    func remember(
        _ error: any Error, key: FailureKey, commit: CommitID, attempts: Int? = nil, stopsStack: Bool = false,
        nothingRuns: Bool = false
    ) async throws {
        let known = try await failure(of: key)?.attempts ?? 0
        let attempts = attempts ?? known + 1
        let disposition = Disposition.of(error)
        let time = now()
        try await memory.remember(
            FailedPlan(
                key: key, commit: commit, disposition: disposition,
                message: (error as? any Actionable)?.withoutLog ?? "\(error)", attempts: attempts, lastAttempt: time,
                nextAttempt: retry.nextTry(
                    after: attempts, disposition, stopsStack: stopsStack, nothingRuns: nothingRuns, at: time)))
    }

    /// Every one that `matches`.
    func forget(where matches: (FailureKey) -> Bool) async throws {
        for failure in try await memory.failures() where matches(failure.key) {
            try await memory.forgetFailures(of: failure.key)
        }
    }

    func forgetRepairs(of containers: Set<String>) async throws {
        try await forget { key in key.repairedContainer.map(containers.contains) ?? false }
    }

    /// How long it is until the next try of what is deployed or stands at `tip`; `nil` when none is planned. A failure of a plan
    /// that is no longer committed is never tried again.
    func timeToNextTry(at tip: CommitID) async throws -> Duration? {
        let time = now()
        let next = try await memory.failures().filter { $0.key.isOfDeployed || $0.commit == tip }
            .compactMap { $0.nextTry(at: time) }.min()
        // One that is due and was not tried is of a container that the engine restarts: it is not asked for each second.
        return next.map { $0.since(time) }.map { $0 > .zero ? $0 : CrashWatch.grace }
    }
}

extension FailedPlan {
    /// Whether it is not to be tried again yet, or not at all.
    func isHeldBack(at time: Timestamp) -> Bool { nextTry(at: time).map { $0 > time } ?? true }
}
