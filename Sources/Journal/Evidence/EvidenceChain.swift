internal import GRDB
internal import Model

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
            let state = try state(after: entry, row["key"], in: database)
            let fixed = try state.fixed?.text()
            let hash = EvidenceEntry.hash(
                entry.id, time.milliseconds, entry.source, entry.key, entry.event, state.content, previous, fixed)
            try database.execute(
                sql: "UPDATE evidence SET time = ?, content = ?, previous = ?, hash = ?, fixed = ? WHERE id = ?",
                arguments: [time.milliseconds, state.content, previous, hash, fixed, entry.id])
            previous = hash
        }
    }

    static func head(in database: Database) throws -> JournalHead? {
        try Row.fetchOne(
            database, sql: "SELECT id, hash FROM evidence WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1"
        ).map { JournalHead(entry: try $0.decode(forColumn: "id"), hash: try $0.decode(forColumn: "hash")) }
    }

    /// An entry that keeps says what was said, never what a row has become behind fairlead's back.
    private static func state(
        after entry: EvidenceEntry, _ key: DatabaseValue, in database: Database
    ) throws -> RowState {
        entry.kind == .kept
            ? try .recorded(before: entry, key, in: database) : try .read(entry.source, key, in: database)
    }

    static func digest(_ content: String) -> String {
        var digest = ContentDigest()
        digest.add(content)
        return digest.hex
    }

    /// Drops entries from before `cutoff`; what they say of rows that are still there is said anew.
    ///
    /// The last of them stays as the beginning of the chain: its time proves that what was before it was old, and an entry
    /// says that it is the beginning. One with a clock that was behind drops nothing before it that is young.
    static func prune(before cutoff: Int64, in database: Database, at time: Timestamp) throws {
        guard let begin = try newBegin(before: cutoff, in: database),
            let first = try Int64.fetchOne(database, sql: "SELECT min(id) FROM evidence"), first < begin
        else { return }
        try database.execute(
            sql: """
                INSERT INTO evidence (source, key, event) SELECT source, key, 'kept' FROM evidence WHERE id IN
                    (SELECT max(id) FROM evidence GROUP BY source, key) AND id < ? AND content <> ''
                """, arguments: [begin])
        try database.execute(
            sql: "INSERT INTO evidence (source, key, event) VALUES (?, ?, ?)",
            arguments: [EvidenceTable.chain, begin, EvidenceEntry.Event.dropped.rawValue])
        // Before what they repeat is gone.
        try seal(in: database, at: time)
        try database.execute(sql: "DELETE FROM evidence WHERE id < ?", arguments: [begin])
    }

    /// The last entry before the first that is young or open; `nil` where there is none.
    private static func newBegin(before cutoff: Int64, in database: Database) throws -> Int64? {
        let young = try Int64.fetchOne(
            database, sql: "SELECT id FROM evidence WHERE hash IS NULL OR time >= ? ORDER BY id LIMIT 1",
            arguments: [cutoff])
        guard let young else { return try Int64.fetchOne(database, sql: "SELECT max(id) FROM evidence") }
        return try Int64.fetchOne(
            database, sql: "SELECT id FROM evidence WHERE id < ? ORDER BY id DESC LIMIT 1", arguments: [young])
    }
}
