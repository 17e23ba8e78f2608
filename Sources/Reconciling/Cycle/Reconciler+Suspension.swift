internal import Deploying
internal import Planning

/// An operator holds the host back.
struct HeldBack: Error {
    let suspension: Suspension
}

extension Reconciler {
    /// Runs `body` under the host's lock, unless the host is held back by then: whoever had the lock until now may have
    /// been `fairlead maintenance begin`.
    func exclusively<Result: Sendable>(
        for purpose: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await exclusion.withExclusion(for: purpose) {
            if let suspension = try await journal.suspension() { throw HeldBack(suspension: suspension) }
            return try await body()
        }
    }
}
