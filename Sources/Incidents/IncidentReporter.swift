internal import Files
public import Logging
public import Model

/// Opens, updates and closes incidents, and has people told of each once, whichever process of this host reports it.
///
/// An incident is in the journal before people are told, with a mark that they have to be: what a crash cuts off is told
/// by the next report, or in the next cycle. The mark goes when the notification is queued, so a crash in between has
/// people hear of it twice rather than never.
public struct IncidentReporter: Sendable {
    public typealias Memory = IncidentMemory & NotificationMemory

    /// For another process that queues notifications; none of that waits for a mail server.
    private static let patience = Duration.seconds(30)

    let memory: any Memory
    let notifier: any Notifier
    /// The path of a lock that all processes share: one at a time queues what is due.
    private let lock: String
    let logger: Logger
    private let now: @Sendable () -> Timestamp

    public init(
        memory: any Memory, notifier: any Notifier, lock: String, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.memory = memory
        self.notifier = notifier
        self.lock = lock
        self.logger = logger
        self.now = now
    }

    /// What the open incident of that subject was opened for; `nil` when there is none.
    public func cause(of subject: IncidentSubject) async throws -> String? {
        try await memory.causeOfOpenIncident(subject.kind, subject: subject.name)
    }

    public func isOpen(_ subject: IncidentSubject) async throws -> Bool { try await cause(of: subject) != nil }

    /// The names of what open incidents of that kind are about.
    public func openSubjects(_ kind: IncidentRecord.Kind) async throws -> Set<String> {
        try await memory.subjectsOfOpenIncidents(kind)
    }

    /// Opens an incident, unless it is open with the same cause; with another cause the one before is superseded.
    ///
    /// `since`: when it began, where that is not now. `recurring`: it comes and goes, and people hear of it a few times
    /// in such a period only.
    public func open(
        _ subject: IncidentSubject, cause: String, since: Timestamp? = nil, recurring period: PlanDuration? = nil,
        _ details: IncidentDetails
    ) async throws {
        // Asked with every poll, so it reads before it writes.
        if try await self.cause(of: subject) != cause {
            let flapping = try await flapping(subject, cause, period)
            var details = details
            if let flapping, flapping.isLastOpening { details.action += flapping.notice }
            _ = try await memory.openIncident(
                subject.kind, subject: subject.name, cause: cause, since: since, details,
                notifies: flapping?.notifiesOpening ?? true)
        }
        await notify()
    }

    /// Opens an incident of a failed deployment, where it is news beside the one that is open.
    public func open(_ subject: IncidentSubject, _ cause: DeploymentCause, _ details: IncidentDetails) async throws {
        let earlier = try await self.cause(of: subject)
        guard cause.isNews(after: earlier.flatMap(DeploymentCause.init)) else { return await notify() }
        try await open(subject, cause: cause.text, details)
    }

    /// Closes the incident of that subject, if one is open. People hear of it where they heard of its opening, unless
    /// it is `silent`. `recurring`: as of its opening.
    public func close(
        _ subject: IncidentSubject, recurring period: PlanDuration? = nil, silent: Bool = false,
        _ details: IncidentDetails
    ) async throws {
        if let cause = try await cause(of: subject) {
            let flapping = try await flapping(subject, cause, period)
            _ = try await memory.closeIncident(
                subject.kind, subject: subject.name, details, notifies: !silent && flapping?.notifiesClosing ?? true)
            await notify()
        }
    }

    /// Closes every open incident of that kind that is about none of `kept`, with `details` of its name; returns the
    /// names.
    public func closeAll(
        _ kind: IncidentRecord.Kind, but kept: Set<IncidentSubject> = [], _ details: (String) -> IncidentDetails
    ) async throws -> Set<String> {
        let ended = try await openSubjects(kind).subtracting(kept.filter { $0.kind == kind }.map(\.name))
        for name in ended.sorted() {
            _ = try await memory.closeIncident(kind, subject: name, details(name), notifies: true)
        }
        if !ended.isEmpty { await notify() }
        return ended
    }

    /// Has people told of open incidents of that kind that came and went too often to be told, and then stayed for
    /// `period`.
    public func notifyOfLasting(_ kind: IncidentRecord.Kind, for period: PlanDuration) async throws {
        if try await memory.notifyOfOpenIncidents(kind, olderThan: period) { await notify() }
    }

    private func flapping(
        _ subject: IncidentSubject, _ cause: String, _ period: PlanDuration?
    ) async throws -> Flapping? {
        guard let period else { return nil }
        let count = try await memory.notifiedOpenings(subject.kind, subject: subject.name, cause: cause, within: period)
        return Flapping(notifiedOpenings: count, period: period)
    }
}

extension IncidentReporter {
    /// Tells people what they have to be told and were not yet. Stands in the way of nothing: what cannot be told now is
    /// logged, and waits.
    public func notify() async {
        do {
            guard try await !memory.dueNotifications().isEmpty else { return }
            if try await queueNotifications() { try await notifier.sendSoon() }
        } catch {
            logger.error("a notification cannot be queued and waits", metadata: ["error": "\(error)"])
        }
    }

    /// Returns whether there is anything to send.
    private func queueNotifications() async throws -> Bool {
        let held = try await HostLock.acquire(
            at: lock, command: "fairlead (notifications)", now: now(), wait: Self.patience)
        var isAnyQueued = false
        // Asked under the lock: another process may just have told it.
        for notification in try await memory.dueNotifications() {
            let isQueued = try await notifier.queue(notification)
            try await memory.setNotification(isQueued ? .queued : .nobody, ofEvent: notification.id)
            isAnyQueued = isAnyQueued || isQueued
        }
        _ = consume held
        return isAnyQueued
    }

    /// Imports what the health check left, and tells people what waits. What cannot be done now is logged, and done in
    /// the next cycle.
    public func catchUp(with files: any IncidentFiles) async {
        await importEvents(from: files)
        await notify()
        do {
            // A host that was rolled back to containerless has no cron job that does it.
            try await notifier.sendLeftovers()
        } catch {
            logger.error("mail that waits cannot be sent now", metadata: ["error": "\(error)"])
        }
    }

    /// A host on which nothing was deployed yet has no settings but those of the plan that failed.
    public func adoptSettings(of plan: ResolvedPlan, secrets: Secrets) async {
        do {
            try await notifier.adoptSettings(of: plan, secrets: secrets)
        } catch {
            logger.error(
                "the mail settings cannot be installed", metadata: ["error": "\(secrets.telling("\(error)"))"])
        }
    }
}
