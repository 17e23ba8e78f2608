internal import Model

/// What people are told of one moment of an incident, on whichever channel: a subject that tells it on a phone, a body
/// that tells the rest.
struct NotificationText {
    let subject: String
    let body: String

    /// `signed`: the head of the journal, where this host can sign it.
    init(_ due: DueNotification, clock: HostClock, signed: SignedJournalHead? = nil) {
        let details = due.event.details
        let place = details.stack.map { "\($0)@\(details.host)" } ?? details.host
        let headline = details.headline ?? "\(due.event.subject): \(details.reason)"
        subject = "[\(place)] \(headline)".printable
        var lines = [headline.printable, ""] + Self.facts(due, clock) + ["", Self.signature(details, due.head)]
        if let signed { lines += ["", signed.text] }
        body = lines.joined(separator: "\n")
    }

    private static func facts(_ due: DueNotification, _ clock: HostClock) -> [String] {
        let event = due.event
        let details = event.details
        var table = TextTable()
        func add(_ name: String, _ value: String?) {
            for (index, line) in (value ?? "").split(separator: "\n").enumerated() {
                table.add(.init(index == 0 ? name : ""), .init(String(line).printable))
            }
        }
        let isOver = event.event == .closed
        add(isOver ? "What happened" : "What failed", details.reason)
        add("What to do", details.advice)
        add("What runs now", details.action)
        add(isOver ? "Failed since" : "Since", moment(event.since, clock))
        if isOver { add("Well again", moment(event.time, clock) + lasted(event)) }
        add("Version", details.version)
        add("Commit", due.commit.map(words) ?? details.commit?.hex)
        let changes = details.changes?.map { "\($0)\($0.attribution(beside: details.commit))" } ?? []
        add("Changes", changes.joined(separator: "\n"))
        add("Deployment", details.deployment.map { "#\($0); 'fairlead show \($0)' on the host tells its steps" })
        add("More", details.log)
        return table.lines
    }

    private static func words(_ commit: Commit) -> String {
        let warrant = commit.warrant.map { "\n\($0.words)" } ?? ""
        return "\(commit.id.hex)\n\(commit.author) <\(commit.email)>: “\(commit.subject)”\(warrant)"
    }

    private static func lasted(_ event: IncidentEvent) -> String {
        ", after \(SpokenDuration.text(milliseconds: event.time.since(event.since).wholeMilliseconds))"
    }

    /// Local, and how far that is from UTC: who reads it may be elsewhere.
    private static func moment(_ moment: Timestamp, _ clock: HostClock) -> String {
        let offset = clock.offset(moment) / 60
        let time = CivilTime(moment, offset: offset * 60).seconds
        guard offset != 0 else { return "\(time) UTC" }
        let minutes = abs(offset) % 60
        return "\(time) UTC\(offset < 0 ? "-" : "+")\(abs(offset) / 60)" + (minutes == 0 ? "" : ":\(minutes)")
    }

    private static func signature(_ details: IncidentDetails, _ head: JournalHead?) -> String {
        "-- \nFairlead \(Version.current) on host \(details.host); 'fairlead incidents' there lists what else happened."
            + (head.map {
                "\nIts journal stood at \($0); 'fairlead audit verify --head \($0)' tells whether it was changed."
            } ?? "")
    }
}
