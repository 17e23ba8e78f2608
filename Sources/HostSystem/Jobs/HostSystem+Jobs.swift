public import Files
public import Model

extension HostSystem {
    /// Writes the scripts of `plan` and the settings of its channels, then the crontab's block (S11, S12); says what changed.
    public func installJobs(
        for plan: ResolvedPlan, commit: CommitID, deployment: Int64, secrets: Secrets, replaced: Set<String>
    ) async throws(HostError) -> [String] {
        let origin = JobScript.Origin(
            version: configuration.programVersion, stack: plan.stack, commit: commit, deployment: deployment)
        let channelChanges = try await installChannels(of: plan, secrets: secrets, from: origin)
        let jobs = try await jobs(of: plan, commit: commit, deployment: deployment)
        try await resetHealthCounters(of: replaced, for: plan, commit: commit, deployment: deployment)
        if !jobs.isEmpty { try writeScripts(of: jobs, from: origin) }
        let crontabChanges = try await installCrontabEntries(of: jobs)
        // Last: until then the crontab may still name them.
        for name in Job.Name.allCases where !jobs.contains(where: { $0.name == name }) { try jobFiles.remove(name) }
        return channelChanges + crontabChanges
    }

    /// Removes the crontab's block and the scripts, and closes what the health check has open, since nothing of `plan` is
    /// left to look after; the channels stay, so that people still hear of a failure.
    public func removeJobs(of plan: ResolvedPlan, commit: CommitID, deployment: Int64) async throws(HostError) {
        _ = try await installCrontabEntries(of: [])
        for name in Job.Name.allCases { try jobFiles.remove(name) }
        try await forgetHealth(of: plan, commit: commit, deployment: deployment)
        try jobFiles.removeInstallation()
    }

    /// What of the crontab keeps the jobs of `plan` from running on this host.
    func jobProblems(of plan: ResolvedPlan) async throws(HostError) -> [HostProblem] {
        let schedules = jobSchedules(of: plan)
        guard !schedules.isEmpty else { return [] }
        let entries = try schedules.map { job throws(HostError) in
            try CrontabLine.entry(schedule: job.value, script: jobFiles.script(job.key))
        }
        return try await crontabProblems(with: entries.sorted())
    }

    var jobFiles: JobFiles { JobFiles(stateDirectory: configuration.stateDirectory) }

    private func writeScripts(of jobs: [Job], from origin: JobScript.Origin) throws(HostError) {
        try jobFiles.create()
        for job in jobs { try jobFiles.write(job, from: origin) }
        try jobFiles.recordInstallation(of: jobs, from: origin, at: .now)
    }

    private func jobs(
        of plan: ResolvedPlan, commit: CommitID, deployment: Int64
    ) async throws(HostError) -> [Job] {
        let common = await commonSettings
        let schedules = jobSchedules(of: plan)
        var jobs: [Job] = []
        if let cleanup = plan.maintenance?.cleanup, let schedule = schedules[.cleanup] {
            let settings = cleanupSettings(cleanup, of: plan, commit: commit, over: common)
            let script = JobScript(settings: settings, parts: [PackageResources.cleanup_bash])
            jobs.append(Job(name: .cleanup, schedule: schedule, script: script))
        }
        if let check = plan.maintenance?.healthcheck, let schedule = schedules[.healthCheck] {
            let health = HealthSettings(
                plan: plan, job: check, commit: commit, deployment: deployment,
                stackDirectory: dataDirectories(of: plan.stack).stackDirectory)
            let parts = [PackageResources.mail_bash] + HealthSettings.parts
            let script = JobScript(settings: health.over(common), parts: parts)
            jobs.append(Job(name: .healthCheck, schedule: schedule, script: script))
        }
        return jobs + channelJobs(of: plan)
    }

    /// What `common.bash` needs.
    private var commonSettings: JobSettings {
        get async {
            var settings = placeSettings
            await settings.set(engine: engineProgram())
            return settings
        }
    }

    /// Where things lie: enough for a job that asks the engine for nothing.
    var placeSettings: JobSettings {
        var settings = JobSettings()
        settings.set("JOB_PATH", configuration.commandPath)
        settings.set("STATE_DIRECTORY", configuration.stateDirectory)
        settings.set("RUNTIME_DIRECTORY", configuration.runtimeDirectory)
        settings.set("LOG_DIRECTORY", configuration.logDirectory)
        return settings
    }

    private func cleanupSettings(
        _ cleanup: MaintenancePlan.Cleanup, of plan: ResolvedPlan, commit: CommitID, over common: JobSettings
    ) -> JobSettings {
        var settings = common
        settings.set("STACK", plan.stack)
        settings.set("STACK_LABEL", FairleadLabel.stack)
        settings.set("COMMIT", commit.hex)
        settings.set("DATA_ROOT", configuration.dataRoot)
        settings.set("SYSTEM_LOGS", configuration.systemLogDirectories)
        settings.set("KEEP_SECONDS", String(cleanup.keep.milliseconds / 1000))
        return settings
    }

    /// When each job of `plan` runs.
    private func jobSchedules(of plan: ResolvedPlan) -> [Job.Name: String] {
        var schedules: [Job.Name: String] = [:]
        schedules[.cleanup] = plan.maintenance?.cleanup?.schedule
        schedules[.healthCheck] = plan.maintenance?.healthcheck?.schedule
        for job in channelJobs(of: plan) { schedules[job.name] = job.schedule }
        return schedules
    }
}
