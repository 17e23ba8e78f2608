internal import GRDB
public import Model

/// The commits that were seen, and what came of them.
extension Journal {
    /// Records commits as `history` returns them, newest first; the first one is the tip.
    ///
    /// A commit that is known stays as it is, unless it is the tip again after others (a rewritten branch): then it
    /// is seen anew.
    public func recordSeen(_ commits: [CommitRecord]) async throws(JournalError) {
        try await write("record \(commits.count) commits") { database in
            for (index, var record) in commits.enumerated().reversed() {
                if index == 0, try newestCommit(in: database) != record.commit.id.hex {
                    let before = try Commit.kept(record.commit.id.hex, in: database)
                    record.commit.formerWarrant = before?.warrant ?? before?.formerWarrant
                    try database.execute(
                        sql: "DELETE FROM seenCommit WHERE id = ?", arguments: [record.commit.id.hex])
                }
                try insert(record, into: database)
            }
            try prune(.standard, in: database)
        }
    }

    public func setVerdict(
        _ verdict: CommitRecord.Verdict, note: String?, deployment: Int64?, of commit: CommitID
    ) async throws(JournalError) {
        try await write("record the verdict of commit '\(commit.short)'") { database in
            try database.execute(
                sql: "UPDATE seenCommit SET verdict = ?, note = ?, deployment = ? WHERE id = ?",
                arguments: [verdict.rawValue, note, deployment, commit.hex])
            guard database.changesCount == 1 else {
                throw JournalError(.other, "cannot record the verdict of commit '\(commit.short)': it was never seen")
            }
        }
    }

    /// Notes of superseded commits that a deployment of a newer one carried out what they changed.
    public func noteCarried(_ notes: [CommitID: String], by deployment: Int64) async throws(JournalError) {
        guard !notes.isEmpty else { return }
        try await write("record which commits deployment \(deployment) carried out") { database in
            for (commit, note) in notes {
                try database.execute(
                    sql: "UPDATE seenCommit SET note = ?, deployment = ? WHERE id = ? AND verdict = ?",
                    arguments: [note, deployment, commit.hex, CommitRecord.Verdict.superseded.rawValue])
            }
        }
    }

    /// The newest commit that was seen at the tip.
    public func lastSeen() async throws(JournalError) -> CommitRecord? {
        try await commits(limit: 1).first
    }

    /// Newest first, in the order in which they were seen.
    public func commits(limit: Int) async throws(JournalError) -> [CommitRecord] {
        try await read("read the commits") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM seenCommit ORDER BY ordinal DESC LIMIT ?", arguments: [limit]
            ).map(CommitRecord.init(row:))
        }
    }

    /// The seen commits whose ids begin with `prefix`, newest first; none when it is not hexadecimal.
    public func commits(matching prefix: String) async throws(JournalError) -> [CommitRecord] {
        let digits = prefix.lowercased()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return []
        }
        return try await read("look up commit '\(digits)'") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM seenCommit WHERE id GLOB ? ORDER BY ordinal DESC",
                arguments: [digits + "*"]
            ).map(CommitRecord.init(row:))
        }
    }

    private func newestCommit(in database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT id FROM seenCommit ORDER BY ordinal DESC LIMIT 1")
    }

    private func insert(_ record: CommitRecord, into database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO seenCommit (id, details, seen, servedBy, verdict, note, deployment)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """,
            arguments: [
                record.commit.id.hex, try JSONText.encode(record.commit), record.seen.milliseconds, record.servedBy,
                record.verdict.rawValue, record.note, record.deployment,
            ])
    }
}
