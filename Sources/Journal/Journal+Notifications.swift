internal import GRDB
public import Model

/// Notifications of incidents, from when they are due until they are queued.
extension Journal {
    /// The oldest first.
    public func dueNotifications() async throws(JournalError) -> [DueNotification] {
        try await read("read the mails that are due") { database in
            let head = try EvidenceChain.head(in: database)
            return try Row.fetchAll(
                database, sql: "SELECT * FROM incidentEvent WHERE mail = ? ORDER BY id",
                arguments: [IncidentEvent.Notification.due.rawValue]
            ).map { row in
                let event = try IncidentEvent(row: row)
                let commit = try event.details.commit.flatMap { commit in
                    try Row.fetchOne(database, sql: "SELECT * FROM seenCommit WHERE id = ?", arguments: [commit.hex])
                }
                return DueNotification(
                    id: try row.decode(forColumn: "id"), event: event,
                    commit: try commit.map { try CommitRecord(row: $0).commit }, head: head,
                    isToldByCheck: try row.decode(String?.self, forColumn: "spoolFile") != nil)
            }
        }
    }

    public func setNotification(
        _ notification: IncidentEvent.Notification, ofEvent id: Int64
    ) async throws(JournalError) {
        try await write("record a mail") { database in
            try database.execute(
                sql: "UPDATE incidentEvent SET mail = ? WHERE id = ?", arguments: [notification.rawValue, id])
        }
    }
}
