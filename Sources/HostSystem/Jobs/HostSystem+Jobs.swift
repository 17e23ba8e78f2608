public import Planning

extension HostSystem {
    public func installJobs(
        for plan: ResolvedPlan, commit: CommitID, deployment: Int64, secrets: Secrets
    ) async throws(HostError) -> [String] { [] }
    public func removeJobs() async throws(HostError) {}
}
