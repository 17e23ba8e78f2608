/// The cron jobs of the VSN.
public struct MaintenancePlan: Codable, Hashable, Sendable {
    public struct Cleanup: Codable, Hashable, Sendable {
        /// Five crontab fields.
        public var schedule: String
        /// How long log data is kept.
        public var keep: PlanDuration

        public init(schedule: String, keep: PlanDuration) {
            self.schedule = schedule
            self.keep = keep
        }
    }

    public struct HealthCheck: Codable, Hashable, Sendable {
        /// Five crontab fields.
        public var schedule: String
        /// Failed checks in a row before a container is restarted.
        public var restartAfter: Int
        /// Restarts of a container without a recovery, after which it is left alone.
        public var restartLimit: Int
        /// Between two mails about the same open incident.
        public var remindAfter: PlanDuration

        public init(
            schedule: String, restartAfter: Int = 2, restartLimit: Int = 5,
            remindAfter: PlanDuration = PlanDuration(milliseconds: 86_400_000)
        ) {
            self.schedule = schedule
            self.restartAfter = restartAfter
            self.restartLimit = restartLimit
            self.remindAfter = remindAfter
        }
    }

    public var cleanup: Cleanup?
    public var healthcheck: HealthCheck?

    public init(cleanup: Cleanup? = nil, healthcheck: HealthCheck? = nil) {
        self.cleanup = cleanup
        self.healthcheck = healthcheck
    }
}

/// What Fairlead does when what runs is not what was deployed, although no commit changed anything.
public enum DriftPolicy: String, Codable, Sendable {
    /// What is missing, stopped or different is made anew; the rest of the stack runs on.
    case repair
    /// It is only shown and recorded.
    case report
}
