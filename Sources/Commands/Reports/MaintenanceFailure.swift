internal import Journal
internal import Model

extension Suspension {
    /// Why the last try to end this maintenance failed; `nil` where none did.
    func failedEnd(_ journal: Journal) async throws -> String? {
        guard kind == .maintenance, let last = try await journal.deployments(limit: 1).first,
            last.trigger.purpose.endsMaintenance, last.started >= since, let outcome = last.outcome,
            !outcome.standing.isDeployed
        else { return nil }
        return LogTail.split(last.error ?? outcome.rawValue).reason.firstLine
    }
}
