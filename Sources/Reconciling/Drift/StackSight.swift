internal import Deploying
internal import Model

/// Sees the stack as the engine, the host, its ports and its data directories show it at one moment.
struct StackSight: Sendable {
    let engine: any StackInsight
    let surroundings: any ContainerSurroundings
    let published: any StackReach
    let data: any DataLearning

    /// `origins`: the deployment that made each container, as far as it is known.
    func observed(of plan: ResolvedPlan, origins: [String: Int64]) async throws -> ObservedStack {
        try await ObservedStack(
            of: plan, engine: engine, surroundings: surroundings, ports: published, data: data, origins: origins)
    }

    /// Whether a container of any stack of ours runs.
    func isAnyStackUp() async throws -> Bool {
        try await engine.allContainers().contains { container in
            container.labels[FairleadLabel.stack] != nil && [.running, .paused, .stopping].contains(container.state)
        }
    }
}
