public import Files
public import Model

/// What is done for all channels alike.
public struct ChannelSetup: Sendable {
    private let configuration: JobsConfiguration

    package init(_ configuration: JobsConfiguration) { self.configuration = configuration }

    package var channels: HostChannels { HostChannels(stateDirectory: configuration.stateDirectory) }

    /// Installs what the channels of `plan` need, and removes those that it does not have; returns what changed, in words.
    /// The host's owner is told of each that was there before.
    func install(
        of plan: ResolvedPlan, secrets: Secrets, from origin: JobScript.Origin
    ) async throws(HostError) -> [String] {
        var changes: [String] = []
        for kind in PlanChannel.all {
            let channel = kind.channel(configuration.stateDirectory)
            let wasConfigured = try channel.isConfigured
            let own = try kind.install(configuration, plan, secrets)
            let untold =
                wasConfigured
                ? await OwnerMailSetup(configuration).tell(own, channel.traits, of: origin, host: plan.host) : []
            changes += own + untold
        }
        return changes
    }

    /// Installs the channels of `plan` where none is installed, as on a host on which nothing was deployed yet.
    public func installFirst(of plan: ResolvedPlan, secrets: Secrets) throws(HostError) {
        for channel in channels.ofPlan {
            if try channel.isConfigured { return }
        }
        for kind in PlanChannel.all(of: plan) { _ = try kind.install(configuration, plan, secrets) }
    }

    func problems(of plan: ResolvedPlan) throws(HostError) -> [HostProblem] {
        var problems: [HostProblem] = []
        for kind in PlanChannel.all { problems += try kind.problems(configuration, plan) }
        return problems
    }

    /// What sends again what waits in the channels of `plan`.
    func jobs(of plan: ResolvedPlan) -> [Job] { PlanChannel.all(of: plan).compactMap { $0.job(configuration) } }

    /// To whoever hears of this host. What a channel of the plan does not take still reaches the owner.
    func queueNotification(subject: String, body: String) async throws(HostError) {
        _ = try await channels.ofOwner.enqueue(subject: subject, body: body, isMinor: false)
        for channel in channels.ofPlan {
            _ = try await channel.enqueue(subject: subject, body: body, isMinor: false)
        }
    }
}
