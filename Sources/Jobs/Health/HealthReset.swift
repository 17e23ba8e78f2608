internal import Files
internal import Model

/// What the health check remembers, where a deployment makes it untrue.
struct HealthReset {
    private let configuration: JobsConfiguration

    init(_ configuration: JobsConfiguration) { self.configuration = configuration }

    /// Restarts and failures of containers that were `replaced`, or are in `plan` no more, count from zero; whoever heard
    /// of one's failure hears that it is over.
    func replace(
        _ replaced: Set<String>, of plan: ResolvedPlan, commit: CommitID, deployment: Int64
    ) async throws(HostError) {
        // Without the job nobody would find it well again.
        let isChecked = plan.maintenance?.healthcheck != nil
        let reason = isChecked ? "a deployment replaced it" : "the plan has no health check any more"
        let checked = isChecked ? Set(plan.containers.keys) : []
        let origin = HealthMemory.Origin(plan, commit: commit, deployment: deployment)
        // The engine is replaced by no deployment: the job itself finds it well again.
        let kept = isChecked ? checked.subtracting(replaced).union([HealthMemory.engine]) : []
        try await healthMemory.reset(
            because: reason, for: origin, except: kept, checked: checked, now: .now
        ) { closed throws(HostError) in
            for name in closed { try await notify("\(name): \(reason)", "\(name) failed; \(reason).", of: origin) }
        }
    }

    /// Closes every open incident, because the stack was removed, with one notification about all of them.
    func forget(_ plan: ResolvedPlan, commit: CommitID, deployment: Int64) async throws(HostError) {
        let reason = "the stack was removed"
        let origin = HealthMemory.Origin(plan, commit: commit, deployment: deployment)
        try await healthMemory.reset(because: reason, for: origin, now: .now) { closed throws(HostError) in
            let names = closed.joined(separator: ", ")
            try await notify(
                "\(names): \(reason)", "\(names) failed; \(reason), so nothing checks it any more.", of: origin)
        }
    }

    private var healthMemory: HealthMemory { HealthMemory(stateDirectory: configuration.stateDirectory) }

    private func notify(_ subject: String, _ text: String, of origin: HealthMemory.Origin) async throws(HostError) {
        let body = "\(text)\nDeployment \(origin.deployment) of \(origin.version), commit \(origin.commit).\n"
        try await ChannelSetup(configuration).queueNotification(
            subject: "[\(origin.stack)@\(origin.host)] \(subject)", body: body)
    }
}
