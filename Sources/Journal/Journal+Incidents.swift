internal import GRDB
public import Model

/// What went wrong on this host.
extension Journal {
    /// Opens an incident; returns whether it did.
    ///
    /// An open one of the same kind and subject goes on where `cause` is the same; where it differs, that one is closed
    /// as superseded. `since`: when it began, where that is not now. With `notifies`, its notification is due,
    /// and so will be that of its closing.
    @discardableResult
    public func openIncident(
        _ kind: IncidentRecord.Kind, subject: String, cause: String, since: Timestamp? = nil,
        _ details: IncidentDetails,
        notifies: Bool
    ) async throws(JournalError) -> Bool {
        try await write("open an incident of '\(subject)'") { database in
            let time = now()
            if let open = try OpenIncident(kind, subject, in: database) {
                guard open.cause != cause else { return false }
                try insert(open.event.superseded(by: details, at: time), into: database)
            }
            let number = try Int64.fetchOne(database, sql: "SELECT coalesce(max(id), 0) + 1 FROM incidentEvent") ?? 1
            let event = IncidentEvent(
                incident: "\(kind.rawValue)-\(time.milliseconds)-\(number)", event: .opened, kind: kind,
                subject: subject, time: time, since: since ?? time, details: details, mail: notifies ? .due : nil)
            try insert(event, cause: cause, into: database)
            return true
        }
    }

    /// Closes the open incident of that kind and subject; returns whether there was one. With `notifies` its
    /// notification is due where that of the opening is, or was queued.
    @discardableResult
    public func closeIncident(
        _ kind: IncidentRecord.Kind, subject: String, _ details: IncidentDetails, notifies: Bool = true
    ) async throws(JournalError) -> Bool {
        try await write("close the incident of '\(subject)'") { database in
            guard let open = try OpenIncident(kind, subject, in: database) else { return false }
            let isNotified = open.event.mail == .due || open.event.mail == .queued
            let closing = open.event.closing(details, at: now(), mail: notifies && isNotified ? .due : nil)
            try insert(closing, into: database)
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

    /// How often an incident of that kind, subject and cause was opened in the last `period`, with a notification.
    public func notifiedOpenings(
        _ kind: IncidentRecord.Kind, subject: String, cause: String, within period: PlanDuration
    ) async throws(JournalError) -> Int {
        // What a clock that was ahead recorded must not keep mails back until then.
        let end = now().milliseconds
        let begin = end - period.milliseconds
        return try await read("count the incidents of '\(subject)'") { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM incidentEvent WHERE kind = ? AND subject = ? AND cause = ? AND time > ?
                    AND time <= ? AND mail IN (?, ?)
                    """,
                arguments: [
                    kind.rawValue, subject, cause, begin, end, IncidentEvent.Notification.due.rawValue,
                    IncidentEvent.Notification.queued.rawValue,
                ]) ?? 0
        }
    }

    /// Makes the notification due of open incidents of that kind that were opened without one, `period` ago or
    /// earlier; returns whether there are such.
    public func notifyOfOpenIncidents(
        _ kind: IncidentRecord.Kind, olderThan period: PlanDuration
    ) async throws(JournalError) -> Bool {
        let present = now().milliseconds
        let end = present - period.milliseconds
        // Asked with every poll, so it reads before it writes. What lies ahead, a clock recorded that was wrong.
        let muted = try await read("read the incidents without a mail") { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM incidentEvent WHERE kind = ? AND event = 'opened' AND cause IS NOT NULL
                    AND mail IS NULL AND (time <= ? OR time > ?)
                    AND incident NOT IN (SELECT incident FROM incidentEvent WHERE event = 'closed')
                    """, arguments: [kind.rawValue, end, present])
        }
        for event in muted { try await setNotification(.due, ofEvent: event) }
        return !muted.isEmpty
    }

    /// What Fairlead's own open incidents of that kind are about.
    public func subjectsOfOpenIncidents(_ kind: IncidentRecord.Kind) async throws(JournalError) -> Set<String> {
        try await read("read the open incidents") { database in
            try String.fetchSet(
                database,
                sql: """
                    SELECT subject FROM incidentEvent WHERE kind = ? AND cause IS NOT NULL
                    AND incident NOT IN (SELECT incident FROM incidentEvent WHERE event = ?)
                    """,
                arguments: [kind.rawValue, IncidentEvent.Event.closed.rawValue])
        }
    }

    /// A container has one incident at a time: a script that was killed may have forgotten the one before.
    private func supersede(by event: IncidentEvent, in database: Database) throws {
        for open in try openOfHealthCheck(besides: event, in: database) {
            try insert(open.superseded(by: event.details, at: event.time), into: database)
        }
    }

    /// The health check found a container well of which it had lost its memory; people hear of it from here.
    private func close(by event: IncidentEvent, in database: Database) throws {
        for open in try openOfHealthCheck(besides: event, in: database) {
            try insert(open.closing(event.details, at: event.time, mail: .due), into: database)
        }
    }

    private func openOfHealthCheck(besides event: IncidentEvent, in database: Database) throws -> [IncidentEvent] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM incidentEvent WHERE cause IS NULL AND subject = ? AND incident != ? AND event = 'opened'
                AND incident NOT IN (SELECT incident FROM incidentEvent WHERE event = 'closed')
                """, arguments: [event.subject, event.incident]
        ).map(IncidentEvent.init(row:))
    }

    private func isKnown(_ incident: String, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM incidentEvent WHERE incident = ?)", arguments: [incident])
            ?? false
    }

    /// Records what is not recorded yet; a file that was imported before adds nothing. The end of an incident that the
    /// journal does not know ends whatever the health check has open of that container.
    public func importIncidents(_ spooled: [SpooledIncident]) async throws(JournalError) {
        guard !spooled.isEmpty else { return }
        try await write("import \(spooled.count) incidents") { database in
            for incident in endsLast(spooled) {
                if incident.event.event == .closed, try !isKnown(incident.event.incident, in: database) {
                    try close(by: incident.event, in: database)
                    continue
                }
                try insert(incident.event, file: incident.file, into: database)
                if incident.event.event == .opened, database.changesCount == 1 {
                    try supersede(by: incident.event, in: database)
                }
            }
            try prune(.standard, in: database)
        }
    }

    /// Each incident's end after its other events: files are read by their time, and a clock may be set back in between.
    private func endsLast(_ spooled: [SpooledIncident]) -> [SpooledIncident] {
        var ended: Set<String> = []
        var sorted: [SpooledIncident] = []
        for (index, next) in spooled.enumerated() {
            let id = next.event.incident
            if next.event.event == .closed {
                if ended.insert(id).inserted {
                    sorted += spooled[index...].filter { $0.event.incident == id && $0.event.event != .closed }
                }
            } else if ended.contains(id) {
                continue
            }
            sorted.append(next)
        }
        return sorted
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
}

extension IncidentEvent {
    fileprivate func closing(_ details: IncidentDetails, at time: Timestamp, mail: Notification?) -> Self {
        Self(
            incident: incident, event: .closed, kind: kind, subject: subject, time: time, since: since,
            details: details, mail: mail)
    }

    fileprivate func superseded(by next: IncidentDetails, at time: Timestamp) -> Self {
        var details = next
        details.headline = nil
        details.action = "superseded by the next incident"
        return closing(details, at: time, mail: nil)
    }

    init(row: Row) throws {
        self.init(
            incident: try row.decode(forColumn: "incident"), event: try row.word("event"),
            kind: try row.word("kind"), subject: try row.decode(forColumn: "subject"), time: try row.time("time"),
            since: try row.time("since"), details: try row.json("incidentDetails", as: IncidentDetails.self),
            mail: try row.decode(String?.self, forColumn: "mail") == nil ? nil : try row.word("mail"))
    }
}
