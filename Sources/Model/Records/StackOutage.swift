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
        let failed = ends.prefix { $0.outcome?.standing.isOutage == true }
        guard let newest = failed.first, !newest.trigger.purpose.takesDown, let first = failed.last else { return nil }
        self.newest = newest
        self.first = first
        lastGood = ends.dropFirst(failed.count).first { $0.outcome?.standing.isDeployed == true }
    }

    /// When the first container that served was stopped, or is known to have been down.
    public var since: Timestamp { first.firstStop ?? first.started }

    /// The same, with when it was last known to serve.
    public var begin: OutageBegin {
        guard let begin = first.wentDown, begin.latest == since else { return OutageBegin(at: since) }
        return begin
    }
}

extension DeploymentRecord {
    /// Whether what ran before it does not run any more, or it is what runs.
    fileprivate var decidesWhatRuns: Bool {
        switch outcome?.standing.decides {
        case .always: true
        case .unlessOfSavedPlan: !trigger.purpose.restarts
        case .onceTouched: !trigger.purpose.restarts && steps.contains { $0.step.touchesContainers }
        case .never, nil: false
        }
    }

    /// The first moment from which not all of the stack served; `nil` when it stopped nothing.
    public var firstStop: Timestamp? {
        let own =
            containers.filter { $0.phase == .stopped || $0.phase == .removed }.map(\.time).min()
            ?? steps.first { $0.step == .tearDown }?.started
        return own.map { min($0, wentDown?.latest ?? $0) }
    }

    /// When it began that not all of the stack served, where that was before this deployment stopped anything.
    public var wentDown: OutageBegin? { changes.wentDown }

    /// How long the stack was down at most; `nil` where `downtimeMilliseconds` is all of it.
    public var downtimeAtMostMilliseconds: Int64? { changes.longestDowntime(downtimeMilliseconds) }
}
