internal import Jobs
internal import Journal
internal import Model

/// What went wrong on this host, the newest first.
struct IncidentsReport: Report {
    struct Event: Codable, Hashable, Sendable {
        var event: IncidentEvent.Event
        var time: ReportTime
        var reason: String
        var action: String
        var advice: String?
        var version: String?
        var commit: String?
        var deployment: Int64?
        var log: String?
        var changes: [PlanChange]?
        var mail: IncidentEvent.Notification?
    }

    struct Incident: Codable, Hashable, Sendable {
        var incident: String
        var kind: IncidentRecord.Kind
        var subject: String
        var stack: String?
        var host: String
        var since: ReportTime
        /// Absent while it is open.
        var closed: ReportTime?
        /// The newest first.
        var events: [Event]
    }

    var incidents: [Incident]

    init(_ records: [IncidentRecord]) { incidents = records.map(Incident.init) }
}

extension IncidentRecord {
    /// What the journal knows, and what the health check left for it since; reads only. Those that are open when `limit`
    /// is `nil`.
    static func onHost(_ journal: Journal, _ spool: IncidentSpool, limit: Int?) async throws -> [Self] {
        // The spool first: what is imported meanwhile is then in both, and told once.
        let spooled = try await spool.content().incidents
        let new = try await journal.notImported(spooled).map(\.event)
        guard let limit else { return merge(try await journal.openIncidents(), new).filter(\.isOpen) }
        return Array(merge(try await journal.incidents(limit: limit), new).prefix(limit))
    }
}

extension IncidentsReport.Incident {
    fileprivate init(_ record: IncidentRecord) {
        incident = record.id
        kind = record.kind
        subject = record.subject
        stack = record.events.last?.details.stack
        host = record.events.last?.details.host ?? ""
        since = ReportTime(record.since)
        closed = record.closed.map { ReportTime($0) }
        events = record.events.reversed().map(IncidentsReport.Event.init)
    }
}

extension IncidentsReport.Event {
    fileprivate init(_ event: IncidentEvent) {
        self.event = event.event
        time = ReportTime(event.time)
        reason = event.details.reason
        action = event.details.action
        advice = event.details.advice
        version = event.details.version
        commit = event.details.commit?.hex
        deployment = event.details.deployment
        log = event.details.log
        changes = event.details.changes
        mail = event.mail
    }
}
