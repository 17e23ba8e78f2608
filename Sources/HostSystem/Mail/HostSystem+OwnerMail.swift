public import Files
internal import Glibc
public import Model
internal import Processes

/// Mail to the owner of the host. It has a queue, a server and a sender of its own: nothing that a commit says of mail
/// touches it.
extension HostSystem {
    /// Installs the settings of `mail`, or removes them where the owner is not written to any more; what waits stays.
    public func installOwnerMail(_ mail: OwnerMail, host: String) throws(HostError) {
        let directory = MailDirectory(ownerIn: configuration.stateDirectory)
        guard mail.isConfigured else { return try directory.removeSettings() }
        let settings = try ownerSettings(mail, host: host)
        for path in [directory.path, directory.queue, directory.failed] { try PathName.createDirectories(path) }
        let sender = ownerSender(directory).text(
            version: configuration.programVersion, purpose: "to send the mail to the owner of host '\(host)'")
        _ = try AtomicFile.update(Array(sender.utf8), at: directory.sender, mode: FileMode(bits: 0o700))
        // The settings last: they are what says that mail is configured.
        var isChanged = try AtomicFile.update(Array(settings.msmtprc.utf8), at: directory.msmtprc)
        isChanged = try AtomicFile.update(Array(settings.sender.text.utf8), at: directory.settings) || isChanged
        guard isChanged else { return }
        try MailQueue(ownerIn: configuration.stateDirectory).requeueRefused(
            since: Timestamp(milliseconds: Timestamp.now.milliseconds - 86_400_000))
    }

    /// Sends a test mail to the owner, or to `recipient`, now; nothing is installed by it.
    public func sendTestMail(
        to recipient: String?, through mail: OwnerMail, host: String, now: Timestamp
    ) async throws(HostError) -> TestMail {
        try await sendTestMail(to: recipient, through: try ownerSettings(mail, host: host), now: now)
    }

    /// Asks the mail server of the owner what it offers, which neither sends anything nor logs in.
    public func checkOwnerMail(_ mail: OwnerMail, host: String) async throws(HostError) {
        let settings = try ownerSettings(mail, host: host)
        let msmtp = try command("msmtp")
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

    /// A commit changed where a channel of the plan leads: whoever made it may have had a reason to. Says what keeps the owner
    /// from being told, which is no reason to stop a deployment half-way.
    func tellOwner(
        _ changes: [String], _ channel: ChannelTraits, of origin: JobScript.Origin, host: String
    ) async -> [String] {
        guard let change = changes.first else { return [] }
        let queue = MailQueue(ownerIn: configuration.stateDirectory)
        let body = """
            Commit \(origin.commit.hex) changed the \(channel.name) settings of stack '\(origin.stack)' with deployment \(origin.deployment):
            \(changes.joined(separator: "\n"))

            You are told because 'ownerMail' in the configuration of this host names you; no commit changes that.

            """
        do {
            if try await queue.enqueue(subject: "[\(origin.stack)@\(host)] a commit changed \(change)", body: body) {
                try await queue.sendSoon()
            }
            return []
        } catch {
            return ["owner mail: the owner was not told of it: \(error.message)"]
        }
    }

    private func ownerSettings(_ mail: OwnerMail, host: String) throws(HostError) -> MailSettings {
        try MailSettings(mail, host: host, caFile: configuration.mailCaFile, deadlines: mailDeadlines)
    }

    private func ownerSender(_ directory: MailDirectory) -> JobScript {
        var settings = placeSettings
        settings.set("MAIL_DIRECTORY", directory.path)
        settings.set("MAIL_JOB", "owner-mail")
        return JobScript(settings: settings, parts: [PackageResources.mail_bash, PackageResources.send_mail_bash])
    }
}

extension OwnerMail {
    /// The key of the configuration that holds it.
    static let section = "ownerMail"
}
