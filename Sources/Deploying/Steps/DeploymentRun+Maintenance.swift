internal import Planning

extension DeploymentRun {
    /// Step 4: the cron jobs of `plan`. A repair changes none, and must not make the health check forget its counts.
    func installJobs(of plan: ResolvedPlan, at commit: CommitID, secrets: Secrets) async throws {
        guard request.trigger != .drift else { return }
        for change in try await ports.jobs.installJobs(for: plan, commit: commit, deployment: id, secrets: secrets) {
            ports.observer.deployment(.note(change))
        }
    }

    /// After a failure that touched no container: brings back what this deployment changed beside them.
    /// Returns what could not be brought back, to follow the failure's own words; empty when all could.
    func restoreHostSide(withJobs: Bool) async -> String {
        do {
            try await ports.settings.restoreHostSettings()
            guard withJobs, let previous = request.previous, let secrets = previous.secrets else { return "" }
            let state = previous.state
            _ = try await ports.jobs.installJobs(
                for: state.desired.plan, commit: state.commit, deployment: state.deployment, secrets: secrets)
            return ""
        } catch {
            return "; and what was changed before that could not be taken back: "
                + request.secrets.redacting("\(error)")
        }
    }
}
