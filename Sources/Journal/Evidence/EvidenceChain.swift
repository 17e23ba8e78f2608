internal import GRDB
internal import Planning

/// The chain of entries in the table `evidence`: each has the hash of the one before, so that what was recorded cannot be
/// changed without changing everything after it.
enum EvidenceChain {
    /// Entries without a hash wait for the end of their transaction.
    static let schema = """
        CREATE TABLE evidence (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            source TEXT NOT NULL,
            key ANY NOT NULL,
            event TEXT NOT NULL,
            time INTEGER,
            content TEXT,
            previous TEXT,
            hash TEXT
        ) STRICT;
        CREATE INDEX evidenceOfRow ON evidence(source, key);
        CREATE INDEX openEvidence ON evidence(id) WHERE hash IS NULL;
        """ + "\n" + EvidenceTable.original.map { $0.triggers + "\n" + $0.adoption }.joined(separator: "\n")

    /// Closes what others left open: a program that changes the journal by hand fires the triggers too.
    static func markForeign(in database: Database, at time: Timestamp) throws {
        try database.execute(
            sql: "UPDATE evidence SET event = ? WHERE hash IS NULL AND event <> 'kept'",
            arguments: [EvidenceEntry.Event.foreign.rawValue])
        guard database.changesCount > 0 else { return }
        try seal(in: database, at: time)
    }

    /// Closes the entries of the transaction that ends.
    static func seal(in database: Database, at time: Timestamp) throws {
        let open = try Row.fetchAll(database, sql: "SELECT * FROM evidence WHERE hash IS NULL ORDER BY id")
        guard !open.isEmpty else { return }
        var previous = try head(in: database)?.hash ?? ""
        for row in open {
            let entry = try EvidenceEntry(row)
            let content = try content(of: entry.source, row["key"], in: database) ?? ""
            let hash = EvidenceEntry.hash(
                entry.id, time.milliseconds, entry.source, entry.key, entry.event, content, previous)
            try database.execute(
                sql: "UPDATE evidence SET time = ?, content = ?, previous = ?, hash = ? WHERE id = ?",
                arguments: [time.milliseconds, content, previous, hash, entry.id])
            previous = hash
        }
    }

    static func head(in database: Database) throws -> JournalHead? {
        try Row.fetchOne(
            database, sql: "SELECT id, hash FROM evidence WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1"
        ).map { JournalHead(entry: try $0.decode(forColumn: "id"), hash: try $0.decode(forColumn: "hash")) }
    }

    /// The digest of a row; `nil` where it is gone.
    private static func content(
        of source: String, _ key: DatabaseValue, in database: Database
    ) throws -> String? {
        guard let table = EvidenceTable.named(source) else { return nil }
        return try String.fetchOne(
            database,
            sql: "SELECT \(table.contentExpression) FROM \(source) WHERE \(table.keyExpression()) = ?",
            arguments: [key]
        ).map(digest)
    }

    static func digest(_ content: String) -> String {
        var digest = ContentDigest()
        digest.add(content)
        return digest.hex
    }

    /// Drops entries from before `cutoff`; what they say of rows that are still there is said anew.
    static func prune(before cutoff: Int64, in database: Database) throws {
        guard
            let last = try Int64.fetchOne(
                database, sql: "SELECT max(id) FROM evidence WHERE time < ?", arguments: [cutoff])
        else { return }
        try database.execute(
            sql: """
                INSERT INTO evidence (source, key, event) SELECT source, key, 'kept' FROM evidence WHERE id IN
                    (SELECT max(id) FROM evidence GROUP BY source, key) AND id <= ? AND content <> ''
                """, arguments: [last])
        try database.execute(sql: "DELETE FROM evidence WHERE id <= ?", arguments: [last])
    }
}
