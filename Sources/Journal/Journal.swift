internal import GRDB
public import Model

/// The durable record of commits, deployments, failures and of what counts as deployed: one SQLite file.
///
/// Every method is one transaction. A write is on stable storage when it returns. A cancelled task still reads and
/// writes: the end of an interrupted deployment has to be recorded. Holds references to secrets, never their values.
public struct Journal: Sendable {
    let database: any DatabaseWriter
    let now: @Sendable () -> Timestamp
    /// The journal that was found damaged at `open`; this one was begun in its place.
    public let setAside: SetAsideJournal?

    /// Runs `updates` in one transaction; `purpose` completes "cannot …" in errors.
    func write<Value: Sendable>(
        _ purpose: String, _ updates: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        // Not the async `write` of GRDB: it throws when the task is cancelled, and a deployment that was
        // interrupted would stay without an outcome.
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            database.asyncWrite(
                { database in
                    try EvidenceChain.markForeign(in: database, at: now())
                    let value = try updates(database)
                    try EvidenceChain.seal(in: database, at: now())
                    return value
                }, completion: { _, result in continuation.resume(returning: result) })
        }
        return try result.orJournalError(purpose)
    }

    /// Runs `fetch` on one snapshot; `purpose` completes "cannot …" in errors.
    func read<Value: Sendable>(
        _ purpose: String, _ fetch: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            database.asyncRead { database in
                continuation.resume(returning: Result { try fetch(database.get()) })
            }
        }
        return try result.orJournalError(purpose)
    }
}

/// A damaged journal that was moved out of the way.
public struct SetAsideJournal: Codable, Hashable, Sendable {
    /// Where it lies now.
    public var path: String
    public var time: Timestamp
    /// What SQLite found.
    public var problem: String

    /// For a log line: what happened, and what it means for the stack.
    public var description: String {
        "the journal was damaged (\(problem)) and set aside as '\(path)'; a new one is begun, so that nothing counts "
            + "as deployed and the stack is created again from the tip of the branch"
    }
}
