public import Model

/// What the storages hold for a host to which the stack of another one moves.
public enum Inheritance: Hashable, Sendable {
    /// Nothing has to be restored: data is there, or the plan wants it empty or from a certain run.
    case none
    /// Data is missing, and no storage is configured that could have it.
    case noStorage
    /// This host has run the stack since its entry was committed: it continues with its own backups.
    case own
    /// The replaced host made its last backup.
    case last(BackupRunID)
    /// It has not, and this is the newest that there is.
    case earlier(BackupRunID, of: String)
    case nothing
}

/// Looks for the data of the host that this one replaces.
public protocol IncomingMoveControl: Sendable {
    /// `entries` are the commits since the one that brought this host's entry. Throws when runs of the replaced host are
    /// there and cannot be trusted.
    func inheritance(for plan: ResolvedPlan, entries: Set<CommitID>, secrets: Secrets) async throws -> Inheritance
    /// `nil` when none is under way.
    func incomingMove() async throws -> IncomingMoveRecord?
    func setIncomingMove(_ move: IncomingMoveRecord?) async throws
}
