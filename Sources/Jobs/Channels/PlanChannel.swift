internal import Files
internal import Model

/// What a host does for a section of the plan that says how people are notified.
struct PlanChannel: Sendable {
    /// For each that a plan can have.
    static let all = [mail]

    /// The section.
    let key: String
    /// Of the host with that state directory.
    let channel: @Sendable (_ stateDirectory: String) -> any NotificationChannel
    /// Installs what a plan says of it, or removes it where the plan says nothing; returns what changed, in words.
    let install: @Sendable (JobsConfiguration, ResolvedPlan, Secrets) throws(HostError) -> [String]
    /// What of the host stands in its way, before anything is touched.
    let problems: @Sendable (JobsConfiguration, ResolvedPlan) throws(HostError) -> [HostProblem]
    /// Sends again what waits; `nil` where the daemon alone does, with each cycle.
    let job: @Sendable (JobsConfiguration) -> Job?

    /// Those of `plan`.
    static func all(of plan: ResolvedPlan) -> [Self] {
        let keys = plan.channels.map(\.key)
        return all.filter { keys.contains($0.key) }
    }
}
