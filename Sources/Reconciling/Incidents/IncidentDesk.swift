public import Logging
internal import Planning

/// Records what goes wrong on this host, and lets people hear of it.
///
/// An incident is in the journal before its mail is queued, with a mark that the mail is due: what a crash cuts off is
/// queued in the next cycle.
public struct IncidentDesk: Sendable {
    public typealias Memory = IncidentMemory & MailMemory

    let memory: any Memory
    let files: any IncidentFiles
    let notifier: any Notifier
    /// For what is known of no plan.
    let host: String
    let logger: Logger

    public init(
        memory: any Memory, files: any IncidentFiles, notifier: any Notifier, host: String, logger: Logger
    ) {
        self.memory = memory
        self.files = files
        self.notifier = notifier
        self.host = host
        self.logger = logger
    }

    /// Imports what the health check left, and queues mails that are due. Stands in the way of nothing: what cannot be
    /// done now is logged, and done in the next cycle.
    public func catchUp() async {
        await importFiles()
        await queueMails()
        do {
            // A host that was rolled back to containerless has no cron job that does it.
            try await notifier.sendLeftovers()
        } catch {
            logger.error("mail that waits cannot be sent now", metadata: ["error": "\(error)"])
        }
    }

    private func importFiles() async {
        do {
            let content = try await files.content()
            for damage in content.damaged { await setAside(damage) }
            guard !content.incidents.isEmpty else { return }
            try await memory.importIncidents(content.incidents)
            logger.notice("incidents were recorded", metadata: ["count": "\(content.incidents.count)"])
            // Last: what a crash leaves is imported again, which adds nothing.
            for incident in content.incidents { try await files.drop(incident.file) }
        } catch {
            logger.error("incidents cannot be recorded and wait", metadata: ["error": "\(error)"])
        }
    }

    private func setAside(_ damage: SpoolContent.Damage) async {
        do {
            try await files.setAside(damage.file)
            logger.warning(
                "an incident cannot be understood and is set aside",
                metadata: ["file": "\(damage.file)", "reason": "\(damage.reason)"])
        } catch {
            logger.error("an incident cannot be set aside", metadata: ["error": "\(error)"])
        }
    }

    func queueMails() async {
        do {
            let due = try await memory.dueMails()
            var isAnyQueued = false
            for mail in due {
                let isQueued = try await notifier.queue(mail)
                // Only now: after a crash in between, people hear of it twice rather than never.
                try await memory.setMail(isQueued ? .queued : .nobody, ofEvent: mail.id)
                isAnyQueued = isAnyQueued || isQueued
            }
            if isAnyQueued { try await notifier.sendSoon() }
        } catch {
            logger.error("a mail cannot be queued and waits", metadata: ["error": "\(error)"])
        }
    }
}
