public import Files
internal import Glibc
internal import Model
internal import Processes

/// Mail that is to be sent: messages in `STATE/mail/queue`, oldest first.
///
/// Queueing needs no network and survives a power cut; `send-mail` sends, at once and every five minutes by cron, and
/// goes on until the server has taken a message. A message that is refused for good is set aside in `STATE/mail/failed`.
public struct MailQueue: NotificationChannel {
    let directory: MailDirectory
    public let traits: ChannelTraits

    /// Messages that may wait before minor ones are given up, the oldest first.
    public static let limit = 1000
    /// Past it nothing more is taken: the disk is worth more. Incidents are recorded elsewhere, too.
    static let hardLimit = 10_000

    /// Of the deployed plan.
    public init(stateDirectory: String) {
        directory = MailDirectory(stateDirectory: stateDirectory)
        traits = .mail("mail")
    }

    /// Of the host's owner.
    public init(ownerIn stateDirectory: String) {
        directory = MailDirectory(ownerIn: stateDirectory)
        traits = .mail("owner mail", option: " --owner")
    }

    /// Queues a mail to the recipients, durably; returns `false`, and does nothing, where no mail is configured.
    ///
    /// `isMinor`: a reminder, say, that may be given up when a thousand mails wait. Others never are.
    /// Any text is a good subject: line breaks and other control characters become spaces.
    @discardableResult
    public func enqueue(subject: String, body: String, isMinor: Bool = false) async throws(HostError) -> Bool {
        try await BlockingWork.run("queue a mail") { () throws(HostError) in
            guard let sender = try MailSender(installedIn: directory) else { return false }
            try makeRoom()
            let identity = Identity()
            let message = MailMessage(identity, from: sender, subject: subject, body: body)
            let name = identity.name + (isMinor ? ".minor" : "") + MailDirectory.messageSuffix
            try AtomicFile.write(message.bytes, to: "\(directory.queue)/\(name)")
            return true
        }
    }

    /// Starts sending, in a session of its own, and returns at once. Where mail is not configured nothing happens.
    public func sendSoon() async throws(HostError) {
        let sender = directory.sender
        for path in [directory.settings, sender] {
            guard try FileStatus.at(path).kind != .missing else { return }
        }
        // Its output must not be ours: we would wait for its end.
        let start = "exec setsid --fork /bin/bash \"$0\" </dev/null >/dev/null 2>&1"
        do {
            _ = try await Command("/bin/sh", ["-c", start, sender], deadline: .seconds(10)).run()
        } catch {
            throw HostError("cannot start '\(sender)': \(error)", disposition: .transient)
        }
    }

    private func makeRoom() throws(HostError) {
        try PathName.createDirectories(directory.queue)
        let names = MailDirectory.messages(in: directory.queue)
        guard names.count >= Self.limit else { return }
        if let oldest = names.first(where: { $0.contains(".minor.") }) {
            guard unlink("\(directory.queue)/\(oldest)") == 0 || errno == ENOENT else {
                throw HostError.failed("give up the mail '\(oldest)'")
            }
        } else if names.count >= Self.hardLimit {
            throw HostError(
                "\(names.count) mails wait already", hint: "'fairlead mail queue' says why they cannot be sent")
        }
    }

    /// What no other message has.
    struct Identity {
        var time: Timestamp
        /// Sixteen digits of microseconds, which sort by time until the year 2286, and something random.
        let name: String

        /// Of now.
        init() {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
            let random = String(UInt32.random(in: .min ... .max), radix: 16)
            time = Timestamp(milliseconds: microseconds / 1000)
            name = "\(microseconds)-" + String(repeating: "0", count: 8 - random.count) + random
        }
    }
}

extension ChannelTraits {
    /// `option`: of the commands that are about it.
    fileprivate static func mail(_ name: String, option: String = "") -> Self {
        Self(
            name: name, message: "mail",
            advice: "'fairlead mail queue\(option)' shows them, 'fairlead mail test\(option)' says what to do",
            isServedByCheck: true)
    }
}
