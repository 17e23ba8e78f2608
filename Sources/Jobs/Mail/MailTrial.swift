public import Files
internal import Glibc
public import Model
internal import Processes

/// Asks mail servers at once whether mail would go through; installs and queues nothing.
public struct MailTrial: Sendable {
    private let configuration: JobsConfiguration

    package init(_ configuration: JobsConfiguration) { self.configuration = configuration }

    /// Sends a test mail now through the installed settings; `nil` where none are installed.
    ///
    /// `recipient` takes the place of the plan's recipients. `now` stands in the mail.
    public func sendTestMail(to recipient: String?, now: Timestamp) async throws(HostError) -> TestMail? {
        let directory = MailDirectory(stateDirectory: configuration.stateDirectory)
        guard let sender = try MailSender(installedIn: directory) else { return nil }
        return try await sendTestMail(to: recipient, by: sender, msmtprc: directory.msmtprc, now: now)
    }

    /// Sends a test mail now through the settings of `plan`, which stay what they are; `nil` when it has no `mail`.
    public func sendTestMail(
        to recipient: String?, through plan: ResolvedPlan, secrets: Secrets, now: Timestamp
    ) async throws(HostError) -> TestMail? {
        guard let mail = plan.mail else { return nil }
        let settings = try MailSettings(
            mail, of: plan, secrets: secrets, caFile: configuration.mailCaFile, deadlines: configuration.mailDeadlines)
        return try await sendTestMail(to: recipient, through: settings, now: now)
    }

    /// Sends a test mail to the owner, or to `recipient`, now.
    public func sendTestMail(
        to recipient: String?, through mail: OwnerMail, host: String, now: Timestamp
    ) async throws(HostError) -> TestMail {
        try await sendTestMail(to: recipient, through: try configuration.ownerSettings(mail, host: host), now: now)
    }

    /// Asks the mail server of the owner what it offers, which neither sends anything nor logs in.
    public func check(_ mail: OwnerMail, host: String) async throws(HostError) {
        let settings = try configuration.ownerSettings(mail, host: host)
        let msmtp = try configuration.command("msmtp")
        try await withTemporary(settings) { path throws(HostError) in
            let command = Command(
                msmtp, ["--file=\(path)", "--account=fairlead", "--serverinfo"],
                deadline: .seconds(settings.sender.deadlines.message))
            let answer = try await Self.answer(of: command, password: nil)
            let delivery = answer.delivery(to: "", through: settings.sender.server, section: OwnerMail.section)
            guard delivery.isDelivered else {
                throw HostError(
                    "'\(settings.sender.server)' cannot be used: \(delivery.answer)", hint: delivery.hint)
            }
        }
    }

    /// The same through any settings.
    private func sendTestMail(
        to recipient: String?, through settings: MailSettings, now: Timestamp
    ) async throws(HostError) -> TestMail {
        try await withTemporary(settings) { path throws(HostError) in
            try await sendTestMail(to: recipient, by: settings.sender, msmtprc: path, now: now)
        }
    }

    /// With a file for msmtp in memory that is gone afterwards: nothing is installed by a test.
    private func withTemporary<Result>(
        _ settings: MailSettings, _ body: (String) async throws(HostError) -> Result
    ) async throws(HostError) -> Result {
        let path = "\(configuration.runtimeDirectory)/test-mail.\(MailQueue.Identity().name)"
        try PathName.createDirectories(configuration.runtimeDirectory)
        try AtomicFile.write(Array(settings.msmtprc.utf8), to: path)
        defer { unlink(path) }
        return try await body(path)
    }

    private func sendTestMail(
        to recipient: String?, by sender: MailSender, msmtprc: String, now: Timestamp
    ) async throws(HostError) -> TestMail {
        let msmtp = try configuration.command("msmtp")
        var sender = sender
        if let recipient { sender.to = [recipient] }
        let section = sender.stack.isEmpty ? OwnerMail.section : "mail"
        let subject = "\(sender.stack.isEmpty ? "" : "\(sender.stack) on ")\(sender.host): test mail"
        var identity = MailQueue.Identity()
        identity.time = now
        let message = MailMessage(identity, from: sender, subject: subject, body: Self.testText(sender))
        let mail = try await composed(message, by: sender)
        var deliveries: [TestMail.Delivery] = []
        for recipient in sender.to {
            let command = Command(
                msmtp,
                ["--file=\(msmtprc)", "--account=fairlead", "--logfile=-", "--from=\(sender.from)", "--", recipient],
                input: mail, deadline: .seconds(sender.deadlines.message))
            let answer = try await Self.answer(of: command, password: Self.password(in: msmtprc))
            deliveries.append(answer.delivery(to: recipient, through: sender.server, section: section))
        }
        return TestMail(from: sender.from, server: sender.server, subject: subject, deliveries: deliveries)
    }

    /// By the composer of `send-mail`: what arrives is what an incident would look like.
    private func composed(_ message: MailMessage, by sender: MailSender) async throws(HostError) -> [UInt8] {
        let composer = String(decoding: PackageResources.compose_mail_bash, as: UTF8.self)
        let command = Command(
            "/bin/bash",
            ["-c", "set -uo pipefail\n\(composer)\ncompose_mail \"$@\"", "compose-mail", sender.from]
                + [sender.to.joined(separator: " ")],
            input: message.bytes)
        do {
            return try await command.run().output
        } catch {
            // Not the whole error: it names the command, which is long.
            throw HostError("cannot compose a test mail: \(error.tail.isEmpty ? "\(error.reason)" : error.tail)")
        }
    }

    private static func answer(of command: Command, password: String?) async throws(HostError) -> MailAnswer {
        do {
            let result = try await command.runToEnd()
            return MailAnswer(
                status: result.status, log: result.text, errors: result.errorTail, password: password)
        } catch {
            guard case .deadline(let limit) = error.reason else {
                throw HostError(
                    "cannot run '\(command.executable)': \(error)", hint: "apt-get install --reinstall msmtp")
            }
            return MailAnswer(status: 75, log: "", errors: "timed out: no end within \(limit)", password: nil)
        }
    }

    private static func password(in msmtprc: String) throws(HostError) -> String? {
        let text = String(
            decoding: try PrivateFile.read(msmtprc, holding: "a password", limit: 64 << 10), as: UTF8.self)
        return text.firstMatch(of: /(?m)^password "(.*)"$/).map { String($0.output.1) }
    }

    private static func testText(_ sender: MailSender) -> String {
        """
        This is a test mail of Fairlead: 'fairlead mail test' was called.

        Stack:  \(sender.stack.isEmpty ? "any" : sender.stack)
        Host:   \(sender.host)
        Server: \(sender.server)

        Incidents of this host go to \(sender.to.joined(separator: ", ")).

        """
    }
}
