internal import Files
internal import HostSystem
internal import Incidents
internal import Planning

/// Mail through the host's queues, the plan's and the owner's; a mail server that is dead or slow delays nothing.
struct MailNotifier: Notifier {
    let host: HostSystem
    let clock: HostClock

    private var mails: MailQueue { MailQueue(stateDirectory: host.configuration.stateDirectory) }
    private var ownersMails: MailQueue { MailQueue(ownerIn: host.configuration.stateDirectory) }

    func queue(_ mail: DueNotification) async throws -> Bool {
        let message = IncidentMail(mail, clock: clock, signed: await signedHead(of: mail))
        var body = message.body
        let isQueued: Bool
        var failure: HostError?
        do {
            isQueued = try await mails.enqueue(subject: message.subject, body: body)
        } catch {
            isQueued = false
            failure = error
            body += "\nThe mail of the plan could not be queued: \(error.message)\n"
        }
        // Who is written to by a commit's word can be kept from it by one.
        if try await ownersMails.enqueue(subject: message.subject, body: body) { return true }
        if let failure { throw failure }
        return isQueued
    }

    /// A host without a key still mails.
    private func signedHead(of mail: DueNotification) async -> SignedJournalHead? {
        guard let head = mail.head else { return nil }
        return try? await HostKey(host.configuration).signed(head, of: mail.event.details.host)
    }

    func sendSoon() async throws {
        try await ownersMails.sendSoon()
        try await mails.sendSoon()
    }

    func sendLeftovers() async throws {
        for queue in [ownersMails, mails] {
            let content = try queue.content()
            guard !content.waiting.isEmpty, isDue(after: content.lastAttempt) else { continue }
            try await queue.sendSoon()
        }
    }

    private func isDue(after attempt: MailQueue.Attempt?) -> Bool {
        attempt.map { clock.now().isAfter(.seconds(300), since: $0.time) } ?? true
    }

    func adoptSettings(of plan: ResolvedPlan, secrets: Secrets) async throws {
        guard plan.mail != nil, try !mails.content().isConfigured else { return }
        // They bring the script that sends, so the mail goes out although no cron job is installed.
        try host.installMailSettings(plan, secrets: secrets)
    }
}
