internal import GRDB
public import Model

extension Journal {
    /// The newest entry of the chain; `nil` in a journal without any.
    public func head() async throws(JournalError) -> JournalHead? {
        try await read("read the journal's head") { try EvidenceChain.head(in: $0) }
    }

    /// Reads every entry and every row that it covers. `known`: a head that was kept elsewhere; `now`: the chain is not believed
    /// that it is later.
    public func examine(
        known: JournalHead? = nil, now: Timestamp? = nil
    ) async throws(JournalError) -> EvidenceReport {
        try await read("verify the journal") { database in
            var examination = EvidenceExamination(known: known, now: now)
            try examination.run(database)
            return examination.report
        }
    }

    /// Where heads that were kept elsewhere stand in the chain, in their order.
    public func places(of heads: [JournalHead]) async throws(JournalError) -> [HeadPlace] {
        try await read("look for entries of the journal") { database -> [HeadPlace] in
            let ends = try Row.fetchOne(database, sql: "SELECT min(id) AS first, max(id) AS last FROM evidence")
            let first = try ends?.decode(Int64?.self, forColumn: "first") ?? 0
            let last = try ends?.decode(Int64?.self, forColumn: "last") ?? 0
            return try heads.map { head -> HeadPlace in
                if head.entry > last { return .beyond(last: last) }
                if head.entry < first { return .dropped(first: first) }
                let hash = try String.fetchOne(
                    database, sql: "SELECT hash FROM evidence WHERE id = ?", arguments: [head.entry])
                // A shorter one fits anything.
                return head.hash.count >= 16 && hash?.hasPrefix(head.hash) == true ? .contained : .other
            }
        }
    }
}
