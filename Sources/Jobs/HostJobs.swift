public import Files
public import Model

/// The cron jobs of the host, which work without Fairlead.
public struct HostJobs: Sendable {
    let configuration: JobsConfiguration
    /// What cron jobs ask for containers.
    private let engineProgram: @Sendable () async -> EngineProgram

    package init(
        _ configuration: JobsConfiguration,
        engineProgram: @escaping @Sendable () async -> EngineProgram = { EngineProgram() }
    ) {
        self.configuration = configuration
        self.engineProgram = engineProgram
    }

    /// Writes the scripts of `plan` and the settings of its channels, then the crontab's block (S11, S12); says what changed.
    public func installJobs(
        for plan: ResolvedPlan, commit: CommitID, deployment: Int64, secrets: Secrets, replaced: Set<String>
    ) async throws(HostError) -> [String] {
        let origin = JobScript.Origin(
            version: configuration.programVersion, stack: plan.stack, commit: commit, deployment: deployment)
        let channelChanges = try await channels.install(of: plan, secrets: secrets, from: origin)
        let jobs = try await jobs(of: plan, commit: commit, deployment: deployment)
        try await HealthReset(configuration).replace(replaced, of: plan, commit: commit, deployment: deployment)
        if !jobs.isEmpty { try writeScripts(of: jobs, from: origin) }
        let crontabChanges = try await crontab.install(jobs)
        // Last: until then the crontab may still name them.
        for name in Job.Name.allCases where !jobs.contains(where: { $0.name == name }) { try jobFiles.remove(name) }
        return channelChanges + crontabChanges
    }

    /// Removes the crontab's block and the scripts, and closes what the health check has open, since nothing of `plan` is
    /// left to look after; the channels stay, so that people still hear of a failure.
    public func removeJobs(of plan: ResolvedPlan, commit: CommitID, deployment: Int64) async throws(HostError) {
        _ = try await crontab.install([])
        for name in Job.Name.allCases { try jobFiles.remove(name) }
        try await HealthReset(configuration).forget(plan, commit: commit, deployment: deployment)
        try jobFiles.removeInstallation()
    }

    /// Replaces what an older version of Fairlead installed to send the plan's mail: it may not know the form of what this one
    /// queues.
    public func renewMailSender() throws(HostError) { try MailSetup(configuration).renewSender() }

    /// What of this host keeps the channels of `plan` from being set up, and its jobs from running; empty when nothing.
    public func problems(of plan: ResolvedPlan) async -> [HostProblem] {
        do throws(HostError) {
            let channels = channels
            let ofChannels = try await BlockingWork.run("check the channels") { () throws(HostError) in
                try channels.problems(of: plan)
            }
            return ofChannels + (try await crontabProblems(of: plan))
        } catch {
            return [HostProblem(error)]
        }
    }

    private func crontabProblems(of plan: ResolvedPlan) async throws(HostError) -> [HostProblem] {
        let schedules = schedules(of: plan)
        guard !schedules.isEmpty else { return [] }
        let entries = try schedules.map { job throws(HostError) in
            try CrontabLine.entry(schedule: job.value, script: jobFiles.script(job.key))
        }
        return try await crontab.problems(with: entries.sorted())
    }

    var jobFiles: JobFiles { configuration.jobFiles }
    private var channels: ChannelSetup { ChannelSetup(configuration) }
    private var crontab: RootCrontab { RootCrontab(configuration) }

    private func writeScripts(of jobs: [Job], from origin: JobScript.Origin) throws(HostError) {
        try jobFiles.create()
        for job in jobs { try jobFiles.write(job, from: origin) }
        try jobFiles.recordInstallation(of: jobs, from: origin, at: .now)
    }

    private func jobs(
        of plan: ResolvedPlan, commit: CommitID, deployment: Int64
    ) async throws(HostError) -> [Job] {
        let common = await commonSettings
        let schedules = schedules(of: plan)
        var jobs: [Job] = []
        if let cleanup = plan.maintenance?.cleanup, let schedule = schedules[.cleanup] {
            let settings = cleanupSettings(cleanup, of: plan, commit: commit, over: common)
            let script = JobScript(settings: settings, parts: [PackageResources.cleanup_bash])
            jobs.append(Job(name: .cleanup, schedule: schedule, script: script))
        }
        if let check = plan.maintenance?.healthcheck, let schedule = schedules[.healthCheck] {
            let health = HealthSettings(
                plan: plan, job: check, commit: commit, deployment: deployment,
                stackDirectory: "\(configuration.dataRoot)/\(plan.stack)")
            let parts = [PackageResources.mail_bash] + HealthSettings.parts
            let script = JobScript(settings: health.over(common), parts: parts)
            jobs.append(Job(name: .healthCheck, schedule: schedule, script: script))
        }
        return jobs + channels.jobs(of: plan)
    }

    /// What `common.bash` needs.
    private var commonSettings: JobSettings {
        get async {
            var settings = configuration.scriptSettings
            await settings.set(engine: engineProgram())
            return settings
        }
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
    private func schedules(of plan: ResolvedPlan) -> [Job.Name: String] {
        var schedules: [Job.Name: String] = [:]
        schedules[.cleanup] = plan.maintenance?.cleanup?.schedule
        schedules[.healthCheck] = plan.maintenance?.healthcheck?.schedule
        for job in channels.jobs(of: plan) { schedules[job.name] = job.schedule }
        return schedules
    }
}
