internal import Planning

extension HostSystem {
    /// Writes what mails are sent with; says what changed.
    func installMailSettings(of plan: ResolvedPlan, secrets: Secrets) async throws(HostError) -> [String] { [] }

    /// Restarts and failures of containers count from zero after a deployment.
    func resetHealthCounters() throws(HostError) {}
}
