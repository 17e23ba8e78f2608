public import Model

/// The settings of the host itself that a plan asks for.
public protocol HostSettingsControl: Sendable {
    /// Saves what is there for `deployment`, durably, then applies `settings`; returns what changed, in words. `nil`
    /// takes back everything that was ever applied. What an earlier, cut-off deployment saved is kept, for this one: it is
    /// the older truth.
    func applyHostSettings(_ settings: HostSettings?, for deployment: Int64) async throws -> [String]
    /// Brings back what was saved; nothing when nothing is.
    func restoreHostSettings() async throws
    /// What was applied stays: forgets what was saved for `deployment`, and nothing that was saved for another.
    func keepHostSettings(of deployment: Int64) async throws
    /// Takes back the mounts of backup targets that `plan` does not have; those that it has are made when they are used.
    func keepMounts(of plan: ResolvedPlan?) async throws
}

/// The cron jobs of the host, which work without Fairlead.
public protocol JobControl: Sendable {
    /// What of this host keeps the channels of `plan` from being set up, and its jobs from running; empty when nothing.
    func problems(of plan: ResolvedPlan) async -> [HostProblem]
    /// Writes the scripts and the mail settings of `plan`, then the crontab's block; returns what changed, in words.
    /// Jobs of an earlier plan that this one lacks are removed. Restarts and failures of the containers that were
    /// `replaced`, or are in the plan no more, count from zero.
    func installJobs(
        for plan: ResolvedPlan, commit: CommitID, deployment: Int64, secrets: Secrets, replaced: Set<String>
    ) async throws -> [String]
    /// Removes the crontab's block and the scripts, and closes what the health check has open, since nothing of `plan` is
    /// left to look after; the mail settings stay, so that a failure can still be mailed.
    func removeJobs(of plan: ResolvedPlan, commit: CommitID, deployment: Int64) async throws
}
