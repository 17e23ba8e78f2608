internal import Planning

extension DeploymentRun {
    /// Step 4: the cron jobs of `plan`. A repair changes none, and must not make the health check forget its counts.
    func installJobs(of plan: ResolvedPlan, at commit: CommitID, secrets: Secrets) async throws {
        guard request.trigger != .drift else { return }
        for change in try await ports.jobs.installJobs(for: plan, commit: commit, deployment: id, secrets: secrets) {
            ports.observer.deployment(.note(change))
        }
    }

    func installJobs(of stack: PreparedStack) async throws {
        try await installJobs(of: stack.plan, at: stack.commit, secrets: stack.secrets)
    }

    /// All there is to do when no container is replaced.
    func changeHostSide(_ stack: PreparedStack) async throws {
        try await installJobs(of: stack)
        try await ports.settings.keepHostSettings()
    }
}

extension DeploymentPorts {
    /// After a failure that touched no container: brings back the host's settings and, where given, the jobs of
    /// `previous`. Returns what could not be brought back, to follow the failure's own words; empty when all could.
    func restoreHostSide(to previous: PreviousStack?, redactedBy secrets: Secrets) async -> String {
        do {
            try await settings.restoreHostSettings()
            guard let state = previous?.state, let values = previous?.secrets else { return "" }
            _ = try await jobs.installJobs(
                for: state.desired.plan, commit: state.commit, deployment: state.deployment, secrets: values)
            return ""
        } catch {
            return "; and what was changed before that could not be taken back: \(secrets.redacting("\(error)"))"
        }
    }
}
