/// Something that went wrong on this host, from its opening to its closing.
public struct IncidentRecord: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A container's process is gone, or does not answer.
        case liveness
        /// A container lives, but does not serve.
        case readiness
        /// A container's process ends again and again.
        case crashLoop = "crash-loop"
        /// A plan could not be deployed, or the saved one not be started.
        case deployment
        /// The customer repo could not be fetched or verified for long.
        case repository
        /// What runs is not what was deployed.
        case drift
        /// No backup could be made, delivered or trusted.
        case backup
    }

    /// Stable from the opening to the closing.
    public var id: String
    public var kind: Kind
    /// A container's name; `stack` for a deployment, `boot` for the start of the saved plan, `repository`, `branch`;
    /// `host` where another machine's state or data hold it back; `move` where another host takes over the stack.
    public var subject: String
    public var since: Timestamp
    /// `nil` while it is open.
    public var closed: Timestamp?
    /// The oldest first; at least one.
    public var events: [IncidentEvent]

    public var isOpen: Bool { closed == nil }

    /// The incidents that `events` tell of, the newest first.
    public static func all(in events: [IncidentEvent]) -> [Self] {
        // Two incidents of one moment: the one that was recorded later counts as newer.
        let order = Dictionary(events.enumerated().map { ($1.incident, $0) }) { first, _ in first }
        return Dictionary(grouping: events, by: \.incident).values.compactMap(Self.init)
            .sorted { ($0.since, order[$0.id] ?? 0) > ($1.since, order[$1.id] ?? 0) }
    }

    /// `records` with what `events` add to them.
    public static func merge(_ records: [Self], _ events: [IncidentEvent]) -> [Self] {
        all(in: records.flatMap(\.events) + events)
    }

    private init?(_ events: [IncidentEvent]) {
        // Two events of one moment stay in the order in which they were recorded.
        let ordered = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        // An end alone tells of no incident, see `IncidentEvent.Event.closed`.
        guard let first = ordered.first, events.contains(where: { $0.event != .closed }) else { return nil }
        id = first.incident
        kind = first.kind
        subject = first.subject
        since = first.since
        closed = ordered.last { $0.event == .closed }?.time
        self.events = ordered
    }
}

/// One moment of an incident.
public struct IncidentEvent: Codable, Hashable, Sendable {
    public enum Event: String, Codable, Sendable, CaseIterable {
        case opened
        /// It is still open after the time after which the plan wants to hear of it again.
        case reminded
        case restarted
        /// A container is not restarted any more.
        case gaveUp = "gave-up"
        /// The health check also writes it, with an incident of its own, when it finds a container well of which it
        /// remembers nothing: whatever else is open of that container is over.
        case closed
    }

    /// What came of the notification of it.
    public enum Notification: String, Codable, Sendable {
        case due, queued
        /// The host has no settings for any channel.
        case nobody
    }

    public var incident: String
    public var event: Event
    public var kind: IncidentRecord.Kind
    public var subject: String
    public var time: Timestamp
    /// When the incident began.
    public var since: Timestamp
    public var details: IncidentDetails
    /// `nil` when no notification is wanted, or the health check's script queued its own.
    public var mail: Notification?

    public init(
        incident: String, event: Event, kind: IncidentRecord.Kind, subject: String, time: Timestamp, since: Timestamp,
        details: IncidentDetails, mail: Notification? = nil
    ) {
        self.incident = incident
        self.event = event
        self.kind = kind
        self.subject = subject
        self.time = time
        self.since = since
        self.details = details
        self.mail = mail
    }
}

/// What is known of one moment of an incident; never holds a secret.
public struct IncidentDetails: Codable, Hashable, Sendable {
    /// The subject line of a mail, without stack and host.
    public var headline: String?
    /// One line: what is wrong.
    public var reason: String
    /// One line: what Fairlead did about it, and what runs now.
    public var action: String
    /// One line: what an operator does next.
    public var advice: String?
    public var host: String
    public var stack: String?
    public var version: String?
    public var commit: CommitID?
    public var deployment: Int64?
    /// The last lines of a log, or what an error says beyond its first line.
    public var log: String?
    /// What the deployment that it is about was to change; `nil` where it is about none.
    public var changes: [PlanChange]?

    public init(
        headline: String? = nil, reason: String, action: String, advice: String? = nil, host: String,
        stack: String? = nil, version: String? = nil, commit: CommitID? = nil, deployment: Int64? = nil,
        log: String? = nil, changes: [PlanChange]? = nil
    ) {
        self.headline = headline
        self.reason = reason
        self.action = action
        self.advice = advice
        self.host = host
        self.stack = stack
        self.version = version
        self.commit = commit
        self.deployment = deployment
        self.log = log
        self.changes = changes
    }
}
