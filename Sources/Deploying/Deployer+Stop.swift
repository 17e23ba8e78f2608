public import Model

extension Deployer {
    /// Stops every container that Fairlead made, in reverse start order, and keeps them with their network; the engine
    /// does not restart what is stopped so. `plan` is what counts as deployed. Throws when one goes on running.
    public func stop(_ plan: ResolvedPlan?, whenStopped: @escaping @Sendable (String) -> Void) async throws {
        options.checkpoint("before stop")
        let running = Dictionary(
            grouping: try await ports.containers.containers(label: FairleadLabel.stack, value: nil)
                .filter(\.holdsService)
        ) { $0.planName }
        let order = stopOrder(of: Set(running.keys), dependsOn: plan?.containers.mapValues(\.dependsOn) ?? [:])
        for group in order {
            _ = try await inParallel(group, limit: options.parallelism) { name in
                for container in running[name] ?? [] {
                    // One that the plan does not know may be a database as well: it gets time.
                    let grace = plan?.containers[name]?.stopTimeout ?? .seconds(60)
                    try await DeploymentError.naming(container.id, container.name) {
                        try await ports.containers.stop(container.id, grace: grace)
                    }
                }
                whenStopped(name)
                options.checkpoint("\(name) stopped")
            }
        }
    }
}
