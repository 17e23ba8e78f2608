internal import Model

/// An operator holds the host back.
struct HeldBack: Error {
    let suspension: Suspension
}

/// Work on the host that nothing else may run beside.
struct ExclusiveWork: Sendable {
    let exclusion: any HostExclusion
    let memory: any HostState.Memory

    /// Runs `body` under the host's lock with what the journal says by then, unless the host is held back: whoever had the
    /// lock until now may have been `fairlead maintenance begin`.
    func run<Result: Sendable>(
        for purpose: String, _ body: @Sendable (HostState) async throws -> Result
    ) async throws -> Result {
        try await exclusion.withExclusion(for: purpose) {
            let state = try await HostState(readingFrom: memory)
            if let suspension = state.suspension { throw HeldBack(suspension: suspension) }
            return try await body(state)
        }
    }
}
