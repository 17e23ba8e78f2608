public import Model

/// The record of what went wrong.
public protocol IncidentMemory: Sendable {
    /// What the open incident of that kind and subject was opened for; `nil` when there is none.
    func causeOfOpenIncident(_ kind: IncidentRecord.Kind, subject: String) async throws -> String?
    func subjectsOfOpenIncidents(_ kind: IncidentRecord.Kind) async throws -> Set<String>
    /// Opens an incident, unless one with the same cause is open; with another cause that one is superseded.
    func openIncident(
        _ kind: IncidentRecord.Kind, subject: String, cause: String, since: Timestamp?, _ details: IncidentDetails,
        notifies: Bool
    ) async throws -> Bool
    /// Closes the open incident; with `notifies` its notification is due where that of the opening was. Returns whether
    /// there was one.
    func closeIncident(
        _ kind: IncidentRecord.Kind, subject: String, _ details: IncidentDetails, notifies: Bool
    ) async throws -> Bool
    /// Records what is not recorded yet.
    func importIncidents(_ spooled: [SpooledIncident]) async throws
}

/// Which notifications there were, and which still have to be queued.
public protocol NotificationMemory: Sendable {
    /// The oldest first.
    func dueNotifications() async throws -> [DueNotification]
    func setNotification(_ notification: IncidentEvent.Notification, ofEvent id: Int64) async throws
    /// How often one of that cause was opened and notified of in the last `period`.
    func notifiedOpenings(
        _ kind: IncidentRecord.Kind, subject: String, cause: String, within period: PlanDuration
    ) async throws -> Int
    /// Makes the notification due of open ones that were opened without one, `period` ago or earlier; returns whether
    /// there are such.
    func notifyOfOpenIncidents(_ kind: IncidentRecord.Kind, olderThan period: PlanDuration) async throws -> Bool
}

/// Events that the health check left, which works without the journal.
public protocol IncidentFiles: Sendable {
    func content() async throws -> SpoolContent
    /// To be called when the event is recorded.
    func drop(_ file: String) async throws
    /// Moves a file that cannot be understood out of the way.
    func setAside(_ file: String) async throws
}

/// A way to tell people about incidents. Nothing of it waits for a server.
public protocol Notifier: Sendable {
    /// Queues the notification, durably; `false` when the host has no settings for it.
    func queue(_ notification: DueNotification) async throws -> Bool
    /// Whether anybody is notified on a channel that the health check does not serve, and so has to hear of its events
    /// from here.
    func hearsOfChecks() async throws -> Bool
    /// Begins to send what is queued; returns at once.
    func sendSoon() async throws
    /// The same for what could not be sent before, where nobody has tried for a while.
    func sendLeftovers() async throws
    /// Installs the settings of `plan`, whose deployment failed, where none are installed.
    func adoptSettings(of plan: ResolvedPlan, secrets: Secrets) async throws
}
