internal import GRDB
public import Planning

extension Journal {
    /// The newest entry of the chain; `nil` in a journal without any.
    public func head() async throws(JournalError) -> JournalHead? {
        try await read("read the journal's head") { try EvidenceChain.head(in: $0) }
    }

    /// Reads every entry and every row that it covers. `known`: a head that was kept elsewhere.
    public func examine(known: JournalHead? = nil) async throws(JournalError) -> EvidenceReport {
        try await read("verify the journal") { database in
            var examination = EvidenceExamination()
            try examination.run(database, known: known)
            return examination.report
        }
    }
}
