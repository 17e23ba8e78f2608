internal import Planning

extension HostSystem {
    /// Restarts and failures of containers that were `replaced`, or are in `plan` no more, count from zero; whoever heard
    /// of one's failure hears that it is over.
    func resetHealthCounters(
        of replaced: Set<String>, for plan: ResolvedPlan, commit: CommitID, deployment: Int64
    ) async throws(HostError) {
        let memory = HealthMemory(stateDirectory: configuration.stateDirectory)
        let host = HealthMemory.Host(
            stack: plan.stack, host: plan.host, version: plan.version, commit: commit, deployment: deployment)
        let reason = "a deployment replaced it"
        let kept = Set(plan.containers.keys).subtracting(replaced)
        for name in try memory.reset(because: reason, for: host, except: kept, now: .now) {
            let body = "\(name) failed; \(reason).\nDeployment \(deployment) of \(plan.version), commit \(commit).\n"
            _ = try await MailQueue(stateDirectory: configuration.stateDirectory).enqueue(
                subject: "[\(plan.stack)@\(plan.host)] \(name): \(reason)", body: body)
        }
    }
}
