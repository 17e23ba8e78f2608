internal import Planning

extension HostSystem {
    /// Restarts and failures of containers count from zero after a deployment.
    func resetHealthCounters(for plan: ResolvedPlan, commit: CommitID, deployment: Int64) throws(HostError) {
        let memory = HealthMemory(stateDirectory: configuration.stateDirectory)
        let host = HealthMemory.Host(
            stack: plan.stack, host: plan.host, version: plan.version, commit: commit, deployment: deployment)
        _ = try memory.reset(because: "a deployment replaced it", for: host, now: .now)
    }
}
