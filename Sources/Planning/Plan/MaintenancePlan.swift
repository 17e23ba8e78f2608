/// The cron jobs of the VSN.
public struct MaintenancePlan: Codable, Hashable, Sendable {
    public struct Cleanup: Codable, Hashable, Sendable {
        /// Five crontab fields.
        public var schedule: String
        public var keep: PlanDuration
    }

    public struct HealthCheck: Codable, Hashable, Sendable {
        /// Five crontab fields.
        public var schedule: String
        /// Failed checks in a row before a container is restarted.
        public var restartAfter: Int
    }

    public var cleanup: Cleanup?
    public var healthcheck: HealthCheck?
}

/// How incidents are mailed.
public struct MailPlan: Codable, Hashable, Sendable {
    public var from: String
    public var to: [String]
    /// `smtp://host:port` (STARTTLS) or `smtps://host:port`.
    public var smtp: String
    public var username: SecretText?
    public var password: SecretText?
}
