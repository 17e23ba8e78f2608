/// When the customer repo was last asked, and what came of it.
public struct PollRecord: Codable, Hashable, Sendable {
    /// When a server last answered; `nil` when none ever did.
    public var reached: Timestamp?
    /// The URL that answered then, without user information.
    public var servedBy: String?
    /// Of the newest poll; `nil` when nothing went wrong in it.
    public var error: String?
    /// The first of the polls without an answer that came after `reached`; `nil` while a server answers.
    public var failingSince: Timestamp?
    /// The first of the cycles that did not get a tip that may be followed; `nil` while they do. A server that answers
    /// and serves nothing of use counts as a failure here.
    public var staleSince: Timestamp?
    /// When every container of the deployed stack was last seen up, at a poll; `nil` before the first such look.
    public var stackUp: Timestamp?

    public init(
        reached: Timestamp? = nil, servedBy: String? = nil, error: String? = nil, failingSince: Timestamp? = nil,
        staleSince: Timestamp? = nil, stackUp: Timestamp? = nil
    ) {
        self.stackUp = stackUp
        self.reached = reached
        self.servedBy = servedBy
        self.error = error
        self.failingSince = failingSince
        self.staleSince = staleSince
    }
}
