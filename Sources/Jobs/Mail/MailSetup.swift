internal import Files
internal import Glibc
internal import Model
internal import Processes

extension PlanChannel {
    static let mail = Self(
        key: "mail", channel: { MailQueue(stateDirectory: $0) },
        install: { host, plan, secrets throws(HostError) in try MailSetup(host).install(plan, secrets: secrets) },
        problems: { host, plan throws(HostError) in try MailSetup(host).problems(of: plan) }, job: { MailSetup($0).job }
    )
}

/// The mail of the plan: its settings on this host, and the job that sends it.
struct MailSetup {
    private let configuration: JobsConfiguration

    init(_ configuration: JobsConfiguration) { self.configuration = configuration }

    /// Installs the mail settings of `plan`, or removes them when it has none; returns what changed, in words.
    ///
    /// What waits in the queue is sent with the new settings, and so is what a server had refused within the last day under
    /// the old ones: older news would only bury the new.
    /// Without `mail` the queue stays, and waits for a plan that has it again.
    @discardableResult
    func install(_ plan: ResolvedPlan, secrets: Secrets) throws(HostError) -> [String] {
        let directory = MailDirectory(stateDirectory: configuration.stateDirectory)
        guard let mail = plan.mail else { return try remove(directory) }
        let settings = try MailSettings(
            mail, of: plan, secrets: secrets, caFile: configuration.mailCaFile, deadlines: configuration.mailDeadlines)
        for path in [directory.path, directory.queue, directory.failed] { try PathName.createDirectories(path) }
        let isNew = try FileStatus.at(directory.settings).kind == .missing
        try installSender(in: directory, stack: plan.stack)
        // The settings last: they are what says that mail is configured.
        var isChanged = try AtomicFile.update(Array(settings.msmtprc.utf8), at: directory.msmtprc)
        isChanged = try AtomicFile.update(Array(settings.sender.text.utf8), at: directory.settings) || isChanged
        guard isChanged else { return [] }
        try MailQueue(stateDirectory: configuration.stateDirectory).requeueRefused(
            since: Timestamp(milliseconds: Timestamp.now.milliseconds - 86_400_000))
        return ["mail: \(isNew ? "goes" : "goes now") to \(mail.to.joined(separator: ", ")) through '\(mail.smtp)'"]
    }

    private func installSender(in directory: MailDirectory, stack: String) throws(HostError) {
        let sender = job.script.text(
            version: configuration.programVersion, purpose: "to send the mail of stack '\(stack)' at once")
        _ = try AtomicFile.update(Array(sender.utf8), at: directory.sender, mode: FileMode(bits: 0o700))
    }

    /// Replaces what an older version of Fairlead installed to send the plan's mail, as the next deployment would do: it may
    /// not know the form of what this version queues, and would leave that lying.
    func renewSender() throws(HostError) {
        let directory = MailDirectory(stateDirectory: configuration.stateDirectory)
        guard try FileStatus.at(directory.sender).kind != .missing,
            let sender = try MailSender(installedIn: directory)
        else { return }
        try installSender(in: directory, stack: sender.stack)
        try configuration.jobFiles.renew(job, of: sender.stack, version: configuration.programVersion)
    }

    private func remove(_ directory: MailDirectory) throws(HostError) -> [String] {
        let isInstalled = try FileStatus.at(directory.settings).kind != .missing
        try directory.removeSettings()
        return isInstalled ? ["mail: nothing is mailed any more"] : []
    }

    /// Sends what waits every five minutes, by cron.
    var job: Job {
        Job(
            name: .sendMail, schedule: Job.mailSchedule,
            script: JobScript(settings: configuration.scriptSettings, parts: Self.senderParts))
    }

    /// Of the script that sends a queue.
    static var senderParts: [[UInt8]] {
        [PackageResources.mail_bash, PackageResources.compose_mail_bash, PackageResources.send_mail_bash]
    }

    /// What of the host stands in the way of mail, before anything is touched.
    func problems(of plan: ResolvedPlan) throws(HostError) -> [HostProblem] {
        guard plan.mail != nil, let file = configuration.mailCaFile,
            try FileStatus.at(file, followingLinks: true).kind != .file
        else { return [] }
        return [
            HostProblem(
                message: "there is no '\(file)', which 'mailCaFile' names", hint: "put it there, or correct the key")
        ]
    }
}

extension AtomicFile {
    /// Like `write`, but leaves a file alone that is as it should be; returns whether it was not.
    static func update(_ bytes: [UInt8], at path: String, mode: FileMode = FileMode(bits: 0o600)) throws(HostError)
        -> Bool
    {
        if let present = try? Descriptor(path, O_RDONLY | O_NOFOLLOW), let status = try? present.status(),
            status.st_uid == geteuid(), status.st_mode & 0o7777 == mode.bits,
            (try? present.read(limit: bytes.count)) == bytes
        {
            return false
        }
        try write(bytes, to: path, mode: mode)
        return true
    }
}
