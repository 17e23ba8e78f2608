internal import ArgumentParser
internal import GitSource
internal import Jobs
internal import Model
internal import Reconciling

struct Mail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Test the mail settings, or show what waits to be sent.",
        subcommands: [MailTest.self, MailQueueCommand.self])
}

struct MailTest: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a test mail now and tell what the server answered.",
        discussion: """
            Through the settings that the last deployment installed; where there are none, through those of the plan at \
            the tip of the branch. Nothing is queued.

            Exit status: 0 the server took it for every recipient, 1 it did not.

            With --owner through those of 'ownerMail' in the host's configuration.

            Example: fairlead mail test
            Example: fairlead mail test --to ops@acme.example.com
            Example: fairlead mail test --owner
            """)

    @Flag(help: "Through the mail settings of the host's owner.")
    var owner = false

    @Option(help: ArgumentHelp("Send it to ADDRESS instead of the plan's recipients.", valueName: "address"))
    var to: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let to else { return }
        guard MailPlan.isAddress(to) else { throw ValidationError("'\(to)' is not a mail address") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let logger = ProgressDisplay(context).logger
        let mail = try await HostComposition.with(options.load(context), in: context, logger: logger) { host in
            let now = context.clock.now()
            if owner { return (try await ownersTestMail(host, now), MailTestReport.Settings.owner) }
            if let mail = try await host.mailTrial.sendTestMail(to: to, now: now) {
                return (mail, MailTestReport.Settings.installed)
            }
            context.console.note("no mail settings are installed: testing those of the plan")
            let tip = try await host.believedTip()
            let candidate = try await host.candidates.candidate(at: tip.commit, deployed: nil)
            let (plan, secrets) = (candidate.desired.plan, candidate.secrets)
            guard let mail = try await host.mailTrial.sendTestMail(to: to, through: plan, secrets: secrets, now: now)
            else {
                throw NoMailConfigured()
            }
            return (mail, .plan)
        }
        let report = MailTestReport(mail.0, settings: mail.1)
        try context.write(report, as: output.output)
        return report.isDelivered ? .success : .failure
    }

    private func ownersTestMail(_ host: HostComposition, _ now: Timestamp) async throws -> TestMail {
        let configuration = host.configuration
        return try await host.mailTrial.sendTestMail(
            to: to, through: configuration.ownerMail, host: configuration.host, now: now)
    }
}

struct MailQueueCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Show the mails that wait or were refused, and why.",
        discussion: """
            Mail that cannot be sent waits, and is tried every five minutes. What a server refuses for good is set \
            aside; '--retry' queues it again, as a change of the mail settings does.

            With --owner the mails to the owner of the host.

            Exit status: 0 nothing waits and nothing was refused, 1 otherwise.

            Example: fairlead mail queue
            """)

    @Flag(help: "The mails to the owner of the host.")
    var owner = false

    @Flag(help: "Queue what was refused again, and send now what waits.")
    var retry = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let state = try options.load(context).stateDirectory
        let queue = owner ? MailQueue(ownerIn: state) : MailQueue(stateDirectory: state)
        if retry {
            let count = try queue.requeueRefused()
            try await queue.sendSoon()
            context.console.note("\(count.counted("refused mail")) queued again; sending has begun")
        }
        let report = try MailQueueReport(queue.content())
        try context.write(report, as: output.output)
        return report.isEmpty ? .success : .failure
    }
}

/// Neither this host nor the plan has mail settings.
struct NoMailConfigured: Actionable {
    var message: String { "no mail is configured: nothing is installed, and the plan has no 'mail'" }
    var hint: String { "add 'mail' to plan.json; 'fairlead schema' shows its keys" }
    var disposition: Disposition { .permanent }
}
