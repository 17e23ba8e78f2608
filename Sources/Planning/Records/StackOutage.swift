/// The deployments that failed and left nothing running, up to the present.
public struct StackOutage: Sendable {
    /// The newest of them.
    public let newest: DeploymentRecord
    /// The one that stopped what served.
    public let first: DeploymentRecord
    /// What served until then; `nil` where nothing ever did.
    public let lastGood: DeploymentRecord?

    /// `records`: the newest first, on a host on which nothing counts as deployed. `nil` when no failure is the reason:
    /// nothing was deployed yet, or an operator took the stack down.
    public init?(_ records: [DeploymentRecord]) {
        let ends = records.filter(\.decidesWhatRuns)
        let failed = ends.prefix { $0.outcome != .deployed && $0.outcome != .previous && $0.outcome != .tornDown }
        guard let newest = failed.first, newest.trigger != .teardown, let first = failed.last else { return nil }
        self.newest = newest
        self.first = first
        lastGood = ends.dropFirst(failed.count).first { $0.outcome == .deployed }
    }

    /// When the first container that served was stopped.
    public var since: Timestamp { first.firstStop ?? first.started }
}

extension DeploymentRecord {
    /// Whether what ran before it does not run any more, or it is what runs. A start of the saved plan and a repair that fail
    /// leave what runs of it.
    fileprivate var decidesWhatRuns: Bool {
        switch outcome {
        case .deployed, .containerless, .previous, .tornDown: true
        case .broken: !isOfSavedPlan
        // By a newer commit, or a crash, after the first stop: the next one finds nothing that counts as deployed.
        case .interrupted: !isOfSavedPlan && steps.contains { $0.step.touchesContainers }
        case .refused, nil: false
        }
    }

    private var isOfSavedPlan: Bool { trigger.startsSavedPlan || trigger == .drift }

    /// The first moment from which not all of the stack served; `nil` when it stopped nothing.
    public var firstStop: Timestamp? {
        containers.filter { $0.phase == .stopped || $0.phase == .removed }.map(\.time).min()
            ?? steps.first { $0.step == .tearDown }?.started
    }
}
