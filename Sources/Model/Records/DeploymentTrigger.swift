/// Why a deployment was run. What follows from a case for everybody else is said by its `purpose`.
public enum DeploymentTrigger: String, Codable, Sendable, CaseIterable {
    /// A new commit changed the plan.
    case commit
    /// A transient failure is tried again, or an operator lifted a remembered failure.
    case retry
    /// A deployment was cut off by a crash and is finished.
    case recovery
    /// The host booted: the saved plan is established again.
    case boot
    /// So much of the stack is gone or stopped that all of it is established again, without a boot.
    case restart
    /// The end of maintenance starts the saved plan again.
    case maintenance
    /// Asked for by an operator.
    case manual
    /// Only hotfixed containers are replaced.
    case hotfix
    /// What runs is not what was deployed: just the containers that differ are made anew.
    case drift
    /// The operator asked for a containerless host.
    case teardown
    /// The operator asked for plan and data of before.
    case rollBack = "roll back"
}

extension DeploymentTrigger {
    /// What a deployment is for. Whoever has to know asks this, and compares no trigger: a new one needs a line here.
    public struct Purpose: Hashable, Sendable {
        /// What it starts.
        public enum Plan: Hashable, Sendable {
            /// The plan of a commit of the branch.
            case committed
            /// All of the saved plan.
            case deployed
            /// The containers of the saved plan that differ from it.
            case deployedInPart
            /// A plan of before, with its data.
            case earlier
            case none
        }

        /// Who or what wanted it.
        public enum Occasion: Hashable, Sendable {
            /// Another tip than what is deployed.
            case branch
            /// A deployment that ended unfinished.
            case unfinished
            case boot
            /// What runs is not what was deployed.
            case drift
            case maintenance
            case `operator`
        }

        public let plan: Plan
        public let occasion: Occasion
        /// Whether the rest of its record says as much, so that nobody has to be told the trigger.
        public let isObvious: Bool

        fileprivate init(_ plan: Plan, _ occasion: Occasion, isObvious: Bool = false) {
            self.plan = plan
            self.occasion = occasion
            self.isObvious = isObvious
        }
    }

    /// The only switch over all triggers beside the words for them.
    public var purpose: Purpose {
        switch self {
        case .commit: Purpose(.committed, .branch, isObvious: true)
        case .retry, .hotfix: Purpose(.committed, .branch)
        case .recovery: Purpose(.committed, .unfinished)
        case .manual: Purpose(.committed, .operator)
        case .boot: Purpose(.deployed, .boot)
        case .restart: Purpose(.deployed, .drift)
        case .maintenance: Purpose(.deployed, .maintenance)
        case .drift: Purpose(.deployedInPart, .drift)
        case .teardown: Purpose(.none, .operator, isObvious: true)
        case .rollBack: Purpose(.earlier, .operator)
        }
    }
}

extension DeploymentTrigger.Purpose {
    /// Whether all of the saved plan is started again.
    public var startsSavedPlan: Bool { plan == .deployed }

    /// Whether just the containers that differ from the saved plan are recreated.
    public var repairs: Bool { plan == .deployedInPart }

    /// Whether what is deployed is only started again, all of it or in part.
    public var restarts: Bool { startsSavedPlan || repairs }

    /// Whether plan and data of before come back.
    public var rollsBack: Bool { plan == .earlier }

    /// Whether what it starts ran here before, and is started as it ran.
    public var startsWhatRan: Bool { restarts || rollsBack }

    /// Whether the host becomes containerless because somebody wants that.
    public var takesDown: Bool { plan == .none }

    /// Whether a commit is the reason, which may be wrong and which the next commit can correct.
    public var followsBranch: Bool { occasion == .branch }

    /// Whether an operator said that what is lost of the data is lost, and wants the stack on what there is.
    public var givesUpLostData: Bool { plan == .committed && occasion == .operator }

    /// Whether it goes on with a deployment before it, which may have come further.
    public var continuesAnother: Bool { occasion == .unfinished }

    /// Whether the stack may have been touched although the record does not show it, or is to be touched in any case.
    public var mayTouchUnseen: Bool { startsSavedPlan || continuesAnother || takesDown }

    public var followsBoot: Bool { occasion == .boot }

    public var endsMaintenance: Bool { occasion == .maintenance }
}
