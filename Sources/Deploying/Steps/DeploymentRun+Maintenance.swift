internal import Model

extension DeploymentRun {
    /// Step 4: the cron jobs of `plan`. A repair changes none, and must not make the health check forget its counts.
    func installJobs(of plan: ResolvedPlan, at commit: CommitID, secrets: Secrets) async throws {
        guard !request.trigger.purpose.repairs else { return }
        let replaced = request.replacing ?? Set(plan.containers.keys)
        try await tolerantly {
            let changes = try await ports.jobs.installJobs(
                for: plan, commit: commit, deployment: id, secrets: secrets, replaced: replaced)
            for change in changes { ports.observer.deployment(.note(change)) }
        }
    }

    /// Step 1's last action. What is deployed is started again although the host's own settings stand in the way.
    func applyHostSettings() async throws {
        try await tolerantly {
            for change in try await ports.settings.applyHostSettings(plan.hostSettings, for: id) {
                ports.observer.deployment(.note(change))
            }
        }
    }

    /// Where what is deployed is only started again, a failure of `body` is told and passed over: a service that runs is
    /// worth more than the host's side of it.
    private func tolerantly(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error where error.failsStep && request.restarts && !error.isInterruption {
            ports.observer.deployment(.note("not done: \(request.secrets.telling("\(error)"))"))
        }
    }

    func installJobs(of stack: PreparedStack) async throws {
        try await installJobs(of: stack.plan, at: stack.commit, secrets: stack.secrets)
    }
}

extension DeploymentPorts {
    /// What `deployed` changed of the host stays, although a crash after its outcome kept that from being noted.
    func keepSettings(of deployed: PreviousStack?) async {
        guard let deployed else { return }
        // Memory that is damaged is told of when it is needed.
        try? await settings.keepHostSettings(of: deployed.state.deployment)
    }

    /// After a failure that touched no container: brings back the host's settings and, where given, the jobs of
    /// `previous`. Returns what could not be brought back, to follow the failure's own words; empty when all could.
    func restoreHostSide(to previous: PreviousStack?, redactedBy secrets: Secrets) async -> String {
        do {
            try await settings.restoreHostSettings()
            guard let state = previous?.state else { return "" }
            guard let values = previous?.secrets else {
                return "; and the cron jobs of before could not be brought back, since their secrets cannot be read"
            }
            _ = try await jobs.installJobs(
                for: state.startedPlan, commit: state.commit, deployment: state.deployment, secrets: values,
                replaced: [])
            return ""
        } catch {
            return "; and what was changed before that could not be taken back: \(secrets.telling("\(error)"))"
        }
    }
}
