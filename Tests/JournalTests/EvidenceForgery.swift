import GRDB
import Model

@testable import Journal

/// What somebody can do who is root and knows the format.
extension JournalFixture {
    func byHand(_ updates: (Database) throws -> Void) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        try DatabaseQueue(path: path, configuration: configuration).write(updates)
    }

    /// Changes rows and closes the entries of it with the hashes that belong there, of `event` where given.
    ///
    /// `saysFixed`: as this version writes them, else as older versions did.
    func forge(_ sql: String, event: EvidenceEntry.Event? = nil, saysFixed: Bool = true) throws {
        try byHand { database in
            try database.execute(sql: sql)
            if let event {
                try database.execute(
                    sql: "UPDATE evidence SET event = ? WHERE hash IS NULL", arguments: [event.rawValue])
            }
            try Self.close(in: database, at: clock.now, saysFixed: saysFixed)
        }
    }

    /// Works on the journals of older versions too.
    static func close(in database: Database, at time: Timestamp, saysFixed: Bool) throws {
        for row in try Row.fetchAll(database, sql: "SELECT * FROM evidence WHERE hash IS NULL ORDER BY id") {
            let (id, source, event): (Int64, String, String) = (row["id"], row["source"], row["event"])
            let key: DatabaseValue = row["key"]
            let last = "SELECT hash FROM evidence WHERE hash IS NOT NULL ORDER BY id DESC LIMIT 1"
            let previous = try String.fetchOne(database, sql: last) ?? ""
            let state = try RowState.read(source, key, in: database)
            let fixed = saysFixed ? try state.fixed?.text() : nil
            let hash = EvidenceEntry.hash(
                id, time.milliseconds, source, "\(key)", event, state.content, previous, fixed)
            try database.execute(
                sql: "UPDATE evidence SET time = ?, content = ?, previous = ?, hash = ? WHERE id = ?",
                arguments: [time.milliseconds, state.content, previous, hash, id])
            guard let fixed else { continue }
            try database.execute(sql: "UPDATE evidence SET fixed = ? WHERE id = ?", arguments: [fixed, id])
        }
    }
}
