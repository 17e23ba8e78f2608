internal import Journal
internal import Planning

extension HostComposition {
    /// Read without touching anything; `nil` where nothing has run yet.
    func deployedState() async throws(JournalError) -> DeployedState? {
        do {
            return try await Journal.openReadOnly(at: configuration.journalFile).deployedState()
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }
}
