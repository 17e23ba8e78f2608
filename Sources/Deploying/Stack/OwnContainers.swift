public import Model

/// Which of the containers with Fairlead's labels are those of a plan: somebody may have made others with the same labels.
public struct OwnContainers: Sendable {
    private let containers: [ContainerStatus]
    private let plan: ResolvedPlan

    /// `containers`: those of the engine.
    public init(_ containers: [ContainerStatus], of plan: ResolvedPlan) {
        self.containers = containers
        self.plan = plan
    }

    /// The one of that name in the plan: with the right name on the host, if there are several.
    public func container(_ name: String) -> ContainerStatus? {
        let own = containers.filter {
            $0.labels[FairleadLabel.stack] == plan.stack && $0.labels[FairleadLabel.container] == name
        }
        return own.first { $0.name == plan.hostName(of: name) } ?? own.first
    }

    /// How a repair calls `container`: by its label, but a second one of a planned label by its name on the host, or the one that
    /// is right would be ended with it.
    public func subject(of container: ContainerStatus) -> String {
        let name = container.planName
        guard plan.containers[name] != nil, self.container(name)?.id != container.id else { return name }
        return plan.containers[container.name] == nil ? container.name : container.id
    }
}
