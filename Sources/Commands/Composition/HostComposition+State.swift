internal import Journal
internal import Planning

extension HostComposition {
    /// Read without touching anything; `nil` where nothing has run yet.
    func deployedState() async throws(JournalError) -> DeployedState? {
        try await journalIfAny { journal throws(JournalError) in try await journal.deployedState() }
    }

    func lastSnapshotCost() async throws(JournalError) -> SnapshotCost? {
        try await journalIfAny { journal throws(JournalError) in try await journal.lastSnapshotCost() }
    }

    private func journalIfAny<Value>(
        _ read: (Journal) async throws(JournalError) -> Value?
    ) async throws(JournalError) -> Value? {
        do {
            return try await read(try Journal.openReadOnly(at: configuration.journalFile))
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }
}
