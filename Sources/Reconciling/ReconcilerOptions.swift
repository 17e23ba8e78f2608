public import Planning

/// What the VSN's configuration says about reconciling.
public struct ReconcilerOptions: Sendable {
    /// The host entry of the customer repo that this VSN follows.
    public var host: String
    public var policy: VSNPolicy
    /// The only stack that is deployed; any when `nil`.
    public var stack: String?
    /// A branch that was rewritten is refused instead of followed.
    public var requireFastForward: Bool
    public var retry: RetryPolicy
    /// Between two looks at the repo.
    public var interval: Duration
    /// How long the repo may be out of reach before that is an incident.
    public var staleAfter: PlanDuration
    /// How long the last backup of a host is waited for whose stack this one takes over.
    public var takeOverWait: PlanDuration
    /// Of this boot of the host.
    public var bootID: String

    public init(
        host: String, policy: VSNPolicy = VSNPolicy(), stack: String? = nil, requireFastForward: Bool = false,
        retry: RetryPolicy = RetryPolicy(), interval: Duration = .seconds(60),
        staleAfter: PlanDuration = .seconds(86_400), takeOverWait: PlanDuration = .seconds(900), bootID: String
    ) {
        self.host = host
        self.policy = policy
        self.stack = stack
        self.requireFastForward = requireFastForward
        self.retry = retry
        self.interval = interval
        self.staleAfter = staleAfter
        self.takeOverWait = takeOverWait
        self.bootID = bootID
    }
}

/// How fast a transient failure is tried again: for as long as it takes, since what may pass is never final.
public struct RetryPolicy: Sendable, Hashable {
    /// Tries of one plan, the first included, after which people hear that it does not pass while another version serves.
    public var attempts: Int
    public var firstDelay: PlanDuration
    public var longestDelay: PlanDuration

    public init(attempts: Int = 8, firstDelay: PlanDuration = .seconds(10), longestDelay: PlanDuration = .seconds(600))
    {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// After the `attempt`-th failure (from 1): doubled each time, up to the longest.
    public func delay(after attempt: Int) -> PlanDuration {
        let doublings = min(max(0, attempt - 1), 30)
        let (delay, overflow) = firstDelay.milliseconds.multipliedReportingOverflow(by: 1 << Int64(doublings))
        return PlanDuration(milliseconds: overflow ? longestDelay.milliseconds : min(delay, longestDelay.milliseconds))
    }
}
