public import Deploying
public import Model

/// What the VSN's configuration says about reconciling.
public struct ReconcilerOptions: Sendable {
    /// Returns after so long; throws when the task is cancelled before.
    public typealias Pause = @Sendable (Duration) async throws -> Void

    /// The host entry of the customer repo that this VSN follows.
    public var host: String
    public var policy: VSNPolicy
    /// The only stack that is deployed; any when `nil`.
    public var stack: String?
    /// A branch that was rewritten is refused instead of followed.
    public var requireFastForward: Bool
    /// Of deployments, of repairs and of an outgoing move.
    public var retry: Backoff
    /// Between two looks at the repo.
    public var interval: Duration
    /// How long the repo may be out of reach before that is an incident.
    public var staleAfter: PlanDuration
    /// How long the last backup of a host is waited for whose stack moves here.
    public var incomingMoveWait: PlanDuration
    /// How long a difference between what runs and what was deployed has to last before it is acted on.
    public var confirmation: Duration
    /// How long what failed has to run without a restart before it counts as whole.
    public var restartGrace: Duration
    /// Of this boot of the host.
    public var bootID: String
    /// How the git server is waited for after a boot.
    public var pause: Pause = { try await Task.sleep(for: $0) }
    /// How long the host has been up by now; `nil` where that is unknown.
    public var uptime: @Sendable () -> Duration?

    public init(
        host: String, policy: VSNPolicy = VSNPolicy(), stack: String? = nil, requireFastForward: Bool = false,
        retry: Backoff = Backoff(attempts: 8, firstDelay: .seconds(10), longestDelay: .seconds(600)),
        interval: Duration = .seconds(60),
        staleAfter: PlanDuration = .seconds(86_400), incomingMoveWait: PlanDuration = .seconds(900),
        confirmation: Duration = .seconds(3), restartGrace: Duration = CrashWatch.grace, bootID: String,
        uptime: @escaping @Sendable () -> Duration? = { nil }
    ) {
        self.uptime = uptime
        self.host = host
        self.policy = policy
        self.stack = stack
        self.requireFastForward = requireFastForward
        self.retry = retry
        self.interval = interval
        self.staleAfter = staleAfter
        self.incomingMoveWait = incomingMoveWait
        self.confirmation = confirmation
        self.restartGrace = restartGrace
        self.bootID = bootID
    }
}
