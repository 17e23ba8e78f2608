internal import Planning

/// An operator holds the host back.
struct HeldBack: Error {
    let suspension: Suspension
}

/// Work on the host that nothing else may run beside.
struct ExclusiveWork: Sendable {
    let exclusion: any HostExclusion
    let memory: any FailureMemory

    /// Runs `body` under the host's lock, unless the host is held back by then: whoever had the lock until now may have
    /// been `fairlead maintenance begin`.
    func run<Result: Sendable>(
        for purpose: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await exclusion.withExclusion(for: purpose) {
            if let suspension = try await memory.suspension() { throw HeldBack(suspension: suspension) }
            return try await body()
        }
    }
}
