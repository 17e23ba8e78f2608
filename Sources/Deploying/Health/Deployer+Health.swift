public import Model

extension Deployer {
    /// Whether the running `container` passes its health check now; without one, that it runs is all that can be known.
    public func isHealthy(_ container: ContainerStatus, by health: HealthPlan?) async -> Bool {
        guard let health else { return true }
        return await ports.insight.probe(health.check, container: container, timeout: health.timeout) == .healthy
    }
}
