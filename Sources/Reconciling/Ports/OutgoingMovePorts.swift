public import Model

/// Something else has to end first; it is tried again with the next poll.
public struct NotNow: Error {
    public let reason: String

    public init(reason: String) { self.reason = reason }
}

/// What a host does whose stack moves to another one.
public protocol OutgoingMoveControl: Sendable {
    /// `nil` when it does not.
    func current() async throws -> OutgoingMoveRecord?
    /// Holds the host back with it, its cron jobs included; `nil` ends both.
    func record(_ move: OutgoingMoveRecord?) async throws
    /// Throws what would keep a last backup from being made or delivered.
    func check(_ deployed: DeployedState) async throws
    /// Takes the host's lock, runs `stop`, after which nothing writes the data any more, and copies and seals all of it.
    /// `recipients` can open it beside those of the deployed plan.
    func makeLastBackup(
        of deployed: DeployedState, for successor: Successor, opening recipients: [String],
        stop: @escaping @Sendable () async throws -> Void
    ) async throws -> BackupRunID
    /// Sends what waits; returns what each target said that lacks it, in words.
    func deliver(_ deployed: DeployedState) async throws -> [String]
    /// The newest run that `successor` made in place of this host, after its newest one: the stack is its own by then.
    /// `signers` are trusted beside those of the deployed plan.
    func newestRun(
        by successor: String, inPlaceOf deployed: DeployedState, signers: [String]
    ) async throws -> BackupRunID?
    /// Those data directories of the plan on this host that hold something.
    func data(of plan: ResolvedPlan) async throws -> [String]
}
