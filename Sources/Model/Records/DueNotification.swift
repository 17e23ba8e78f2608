/// A notification that still has to be queued.
public struct DueNotification: Hashable, Sendable {
    /// Of the event in the journal.
    public var id: Int64
    public var event: IncidentEvent
    /// `nil` when the journal does not know it.
    public var commit: Commit?
    /// Of the journal when the notification was queued: who keeps it can tell whether it was changed later.
    public var head: JournalHead?

    /// Whether the health check told of it by itself, on the channels that it serves.
    public var isToldByCheck: Bool

    public init(
        id: Int64, event: IncidentEvent, commit: Commit?, head: JournalHead? = nil, isToldByCheck: Bool = false
    ) {
        self.id = id
        self.event = event
        self.commit = commit
        self.head = head
        self.isToldByCheck = isToldByCheck
    }
}
