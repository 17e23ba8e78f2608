package import Model

/// The host's lock, as everything that acts on the stack takes it: a copy of the data that runs gives way.
package struct HostGate: Sendable {
    /// Of the lock.
    package let path: String
    /// For others: since when it is held.
    package let now: @Sendable () -> Timestamp
    /// For the error of a competitor: `fairlead run`.
    package let command: String
    /// How long another holder is waited for.
    package let patience: Duration

    package init(path: String, command: String, patience: Duration, now: @escaping @Sendable () -> Timestamp) {
        self.path = path
        self.command = command
        self.patience = patience
        self.now = now
    }

    /// Runs `body` while no other process deploys, backs up or maintains. Throws when the lock cannot be had in time.
    package func withExclusion<Result: Sendable>(
        for purpose: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let copies = CopyLock(beside: path)
        let holder = "\(command): \(purpose)"
        let wish = try await copies.want()
        let lock = try await HostLock.acquire(at: path, command: holder, now: now(), wait: patience)
        let data = try await copies.preempt(command: holder, now: now(), wait: patience)
        _ = consume wish
        do {
            let result = try await body()
            _ = consume data
            _ = consume lock
            return result
        } catch {
            // Explicit, so that the locks are held until the very end of the work.
            _ = consume data
            _ = consume lock
            throw error
        }
    }
}
