/// How a deployment ended. What a case means for everybody else is said by its `standing`.
public enum DeploymentOutcome: String, Codable, Sendable, CaseIterable {
    /// Every container passed the health gate.
    case deployed
    /// Step 1 failed; nothing was touched.
    case refused
    /// Failed after the old stack was stopped; the host is containerless, data untouched.
    case containerless = "rolled back to containerless"
    /// Failed after the old stack was stopped; the last good plan runs again.
    case previous = "rolled back to the previous plan"
    /// Ended by a newer commit, a shutdown or an operator; or closed by the next start after a crash.
    case interrupted
    /// An operator took the stack down.
    case tornDown = "torn down"
    /// The roll back failed as well; the error says what is left.
    case broken
}

extension DeploymentOutcome {
    /// What follows from an outcome. Whoever has to know asks this, and compares no case: a new one needs a line here.
    public struct Standing: Hashable, Sendable {
        public enum Course: Hashable, Sendable {
            /// What was asked for is so.
            case fulfilled
            /// It neither succeeded nor failed; what comes next goes on.
            case interrupted
            case failed
        }

        public enum Stack: Hashable, Sendable {
            /// What was to be deployed runs.
            case desired
            /// What ran before the deployment was not touched.
            case untouched
            /// The plan of before runs again.
            case previous
            case containerless
            /// How far it came decides that.
            case uncertain
        }

        /// Whether the deployment decides what runs from then on, or leaves that as it was.
        public enum Decision: Hashable, Sendable {
            case always
            /// A start of the saved plan and a repair leave what runs of it.
            case unlessOfSavedPlan
            /// The same, and only after the first stop.
            case onceTouched
            case never
        }

        public let course: Course
        public let stack: Stack
        public let decides: Decision
        /// What becomes of the commit.
        public let verdict: CommitRecord.Verdict
        /// How much worse off than before the host is; 0 where nothing failed.
        public let severity: Int
    }

    /// The only switch over all outcomes beside the words for a failure.
    public var standing: Standing {
        switch self {
        case .deployed:
            Standing(course: .fulfilled, stack: .desired, decides: .always, verdict: .deployed, severity: 0)
        case .refused:
            Standing(course: .failed, stack: .untouched, decides: .never, verdict: .refused, severity: 1)
        case .containerless:
            Standing(course: .failed, stack: .containerless, decides: .always, verdict: .rolledBack, severity: 3)
        case .previous:
            Standing(course: .failed, stack: .previous, decides: .always, verdict: .rolledBack, severity: 2)
        case .interrupted:
            // The next one finds nothing that counts as deployed.
            Standing(course: .interrupted, stack: .uncertain, decides: .onceTouched, verdict: .superseded, severity: 0)
        case .tornDown:
            Standing(course: .fulfilled, stack: .containerless, decides: .always, verdict: .superseded, severity: 0)
        case .broken:
            Standing(
                course: .failed, stack: .uncertain, decides: .unlessOfSavedPlan, verdict: .rolledBack, severity: 4)
        }
    }
}

extension DeploymentOutcome.Standing {
    public var isFailure: Bool { course == .failed }

    /// Whether what was to be deployed runs.
    public var isDeployed: Bool { stack == .desired }

    /// Whether a failure left the host without containers.
    public var failedContainerless: Bool { isFailure && stack == .containerless }

    /// Whether a failure left of the stack what ran when it ended, and put nothing in its place.
    public var leavesParts: Bool { isFailure && (stack == .untouched || stack == .uncertain) }

    /// Whether the stack is down after it although nobody asked for that, where it decides what runs.
    public var isOutage: Bool { course != .fulfilled && (stack == .containerless || stack == .uncertain) }
}
