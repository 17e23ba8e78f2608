internal import HostSystem
internal import Planning
internal import Reconciling

/// Mail through the host's queue; a mail server that is dead or slow delays nothing.
struct MailNotifier: Notifier {
    let host: HostSystem
    let clock: HostClock

    private var mails: MailQueue { MailQueue(stateDirectory: host.configuration.stateDirectory) }

    func queue(_ mail: DueMail) async throws -> Bool {
        let message = IncidentMail(mail, clock: clock)
        return try await mails.enqueue(subject: message.subject, body: message.body)
    }

    func sendSoon() async throws { try await mails.sendSoon() }

    func sendLeftovers() async throws {
        let content = try mails.content()
        let fiveMinutes = Duration.seconds(300)
        guard !content.waiting.isEmpty, content.lastAttempt.map({ clock.now().since($0.time) > fiveMinutes }) ?? true
        else { return }
        try await mails.sendSoon()
    }

    func adoptMailSettings(of plan: ResolvedPlan, secrets: Secrets) async throws {
        guard plan.mail != nil, try !mails.content().isConfigured else { return }
        // They bring the script that sends, so the mail goes out although no cron job is installed.
        try host.installMailSettings(plan, secrets: secrets)
    }
}
