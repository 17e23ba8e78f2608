public import Files
internal import Glibc
public import Model
internal import Processes

/// Mail to the owner of the host. It has a queue, a server and a sender of its own: nothing that a commit says of mail
/// touches it.
public struct OwnerMailSetup: Sendable {
    private let configuration: JobsConfiguration

    package init(_ configuration: JobsConfiguration) { self.configuration = configuration }

    /// Installs the settings of `mail`, or removes them where the owner is not written to any more; what waits stays.
    public func install(_ mail: OwnerMail, host: String) throws(HostError) {
        let directory = MailDirectory(ownerIn: configuration.stateDirectory)
        guard mail.isConfigured else { return try directory.removeSettings() }
        let settings = try configuration.ownerSettings(mail, host: host)
        for path in [directory.path, directory.queue, directory.failed] { try PathName.createDirectories(path) }
        let sender = script(directory).text(
            version: configuration.programVersion, purpose: "to send the mail to the owner of host '\(host)'")
        _ = try AtomicFile.update(Array(sender.utf8), at: directory.sender, mode: FileMode(bits: 0o700))
        // The settings last: they are what says that mail is configured.
        var isChanged = try AtomicFile.update(Array(settings.msmtprc.utf8), at: directory.msmtprc)
        isChanged = try AtomicFile.update(Array(settings.sender.text.utf8), at: directory.settings) || isChanged
        guard isChanged else { return }
        try MailQueue(ownerIn: configuration.stateDirectory).requeueRefused(
            since: Timestamp(milliseconds: Timestamp.now.milliseconds - 86_400_000))
    }

    /// A commit changed where a channel of the plan leads: whoever made it may have had a reason to. Says what keeps the owner
    /// from being told, which is no reason to stop a deployment half-way.
    func tell(
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

    private func script(_ directory: MailDirectory) -> JobScript {
        var settings = configuration.scriptSettings
        settings.set("MAIL_DIRECTORY", directory.path)
        settings.set("MAIL_JOB", "owner-mail")
        return JobScript(settings: settings, parts: MailSetup.senderParts)
    }
}

extension JobsConfiguration {
    func ownerSettings(_ mail: OwnerMail, host: String) throws(HostError) -> MailSettings {
        try MailSettings(mail, host: host, caFile: mailCaFile, deadlines: mailDeadlines)
    }
}

extension OwnerMail {
    /// The key of the configuration that holds it.
    static let section = "ownerMail"
}
