internal import GRDB
public import Planning

/// What went wrong on this host.
extension Journal {
    /// Opens an incident; returns whether it did.
    ///
    /// An open one of the same kind and subject goes on where `cause` is the same; where it differs, that one is closed
    /// as superseded. With `mails`, its mail is due, and so will be that of its closing.
    @discardableResult
    public func openIncident(
        _ kind: IncidentRecord.Kind, subject: String, cause: String, _ details: IncidentDetails, mails: Bool
    ) async throws(JournalError) -> Bool {
        try await write("open an incident of '\(subject)'") { database in
            let time = now()
            if let open = try OpenIncident(kind, subject, in: database) {
                guard open.cause != cause else { return false }
                var closing = details
                closing.headline = nil
                closing.action = "superseded by the next incident"
                try insert(open.closing(closing, at: time, mail: nil), into: database)
            }
            let number = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) + 1 FROM incidentEvent") ?? 1
            let event = IncidentEvent(
                incident: "\(kind.rawValue)-\(time.milliseconds)-\(number)", event: .opened, kind: kind,
                subject: subject, time: time, since: time, details: details, mail: mails ? .due : nil)
            try insert(event, cause: cause, into: database)
            return true
        }
    }

    /// Closes the open incident of that kind and subject; returns whether there was one. Its mail is due where that of
    /// the opening is, or was queued.
    @discardableResult
    public func closeIncident(
        _ kind: IncidentRecord.Kind, subject: String, _ details: IncidentDetails
    ) async throws(JournalError) -> Bool {
        try await write("close the incident of '\(subject)'") { database in
            guard let open = try OpenIncident(kind, subject, in: database) else { return false }
            let isMailed = open.event.mail == .due || open.event.mail == .queued
            try insert(open.closing(details, at: now(), mail: isMailed ? .due : nil), into: database)
            try prune(.standard, in: database)
            return true
        }
    }

    /// What the open incident of that kind and subject was opened for; `nil` when there is none.
    public func causeOfOpenIncident(
        _ kind: IncidentRecord.Kind, subject: String
    ) async throws(JournalError) -> String? {
        try await read("read the incident of '\(subject)'") { try OpenIncident(kind, subject, in: $0)?.cause }
    }

    /// Records what is not recorded yet; a file that was imported before adds nothing.
    public func importIncidents(_ spooled: [SpooledIncident]) async throws(JournalError) {
        guard !spooled.isEmpty else { return }
        try await write("import \(spooled.count) incidents") { database in
            for incident in spooled { try insert(incident.event, file: incident.file, into: database) }
            try prune(.standard, in: database)
        }
    }

    /// Those of `spooled` that were not imported yet.
    public func notImported(_ spooled: [SpooledIncident]) async throws(JournalError) -> [SpooledIncident] {
        guard !spooled.isEmpty else { return [] }
        return try await read("read the imported incidents") { database in
            let imported = try String.fetchSet(
                database, sql: "SELECT spoolFile FROM incidentEvent WHERE spoolFile IS NOT NULL")
            return spooled.filter { !imported.contains($0.file) }
        }
    }

    /// The newest first.
    public func openIncidents() async throws(JournalError) -> [IncidentRecord] {
        try await incidents(
            "incident NOT IN (SELECT incident FROM incidentEvent WHERE event = ?)",
            [IncidentEvent.Event.closed.rawValue])
    }

    /// The newest first, open or not.
    public func incidents(limit: Int) async throws(JournalError) -> [IncidentRecord] {
        try await incidents(
            "incident IN (SELECT incident FROM incidentEvent GROUP BY incident ORDER BY max(id) DESC LIMIT ?)", [limit])
    }

    private func incidents(
        _ condition: String, _ arguments: StatementArguments
    ) async throws(JournalError) -> [IncidentRecord] {
        try await read("read the incidents") { database in
            IncidentRecord.all(
                in: try Row.fetchAll(
                    database, sql: "SELECT * FROM incidentEvent WHERE \(condition) ORDER BY id", arguments: arguments
                ).map(IncidentEvent.init(row:)))
        }
    }

    private func insert(
        _ event: IncidentEvent, cause: String? = nil, file: String? = nil, into database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO incidentEvent
                    (incident, event, kind, subject, time, since, cause, incidentDetails, spoolFile, mail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (spoolFile) DO NOTHING
                """,
            arguments: [
                event.incident, event.event.rawValue, event.kind.rawValue, event.subject, event.time.milliseconds,
                event.since.milliseconds, cause, try JSONText.encode(event.details), file, event.mail?.rawValue,
            ])
    }
}

/// Mails about incidents, from when they are due until they are queued.
extension Journal {
    /// The oldest first.
    public func dueMails() async throws(JournalError) -> [DueMail] {
        try await read("read the mails that are due") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM incidentEvent WHERE mail = ? ORDER BY id",
                arguments: [IncidentEvent.Mail.due.rawValue]
            ).map { row in
                let event = try IncidentEvent(row: row)
                let commit = try event.details.commit.flatMap { commit in
                    try Row.fetchOne(database, sql: "SELECT * FROM seenCommit WHERE id = ?", arguments: [commit.hex])
                }
                return DueMail(
                    id: try row.decode(forColumn: "id"), event: event,
                    commit: try commit.map { try CommitRecord(row: $0).commit })
            }
        }
    }

    public func setMail(_ mail: IncidentEvent.Mail, ofEvent id: Int64) async throws(JournalError) {
        try await write("record a mail") { database in
            try database.execute(
                sql: "UPDATE incidentEvent SET mail = ? WHERE id = ?", arguments: [mail.rawValue, id])
        }
    }
}

/// The opening of an incident that was not closed.
private struct OpenIncident {
    let event: IncidentEvent
    let cause: String

    init?(_ kind: IncidentRecord.Kind, _ subject: String, in database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT * FROM incidentEvent WHERE kind = ? AND subject = ? AND cause IS NOT NULL
                AND incident NOT IN (SELECT incident FROM incidentEvent WHERE event = ?) ORDER BY id DESC
                """,
            arguments: [kind.rawValue, subject, IncidentEvent.Event.closed.rawValue])
        guard let row else { return nil }
        event = try IncidentEvent(row: row)
        cause = try row.decode(forColumn: "cause")
    }

    func closing(_ details: IncidentDetails, at time: Timestamp, mail: IncidentEvent.Mail?) -> IncidentEvent {
        IncidentEvent(
            incident: event.incident, event: .closed, kind: event.kind, subject: event.subject, time: time,
            since: event.since, details: details, mail: mail)
    }
}

extension IncidentEvent {
    init(row: Row) throws {
        self.init(
            incident: try row.decode(forColumn: "incident"), event: try row.word("event"),
            kind: try row.word("kind"), subject: try row.decode(forColumn: "subject"), time: try row.time("time"),
            since: try row.time("since"), details: try row.json("incidentDetails", as: IncidentDetails.self),
            mail: try row.decode(String?.self, forColumn: "mail") == nil ? nil : try row.word("mail"))
    }
}
