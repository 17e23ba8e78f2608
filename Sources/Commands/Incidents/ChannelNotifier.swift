internal import Files
internal import HostSystem
internal import Incidents
internal import Jobs
internal import Logging
internal import Model

/// Has people told on every channel of this host, in the same words; a server that is dead or slow delays nothing.
struct ChannelNotifier: Notifier {
    let host: HostSystem
    let setup: ChannelSetup
    let clock: HostClock
    let logger: Logger
    private let channels: HostChannels

    /// `channels`: those of the host, unless others are given.
    init(host: HostSystem, setup: ChannelSetup, clock: HostClock, logger: Logger, channels: HostChannels? = nil) {
        self.host = host
        self.setup = setup
        self.clock = clock
        self.logger = logger
        self.channels = channels ?? setup.channels
    }

    func queue(_ due: DueNotification) async throws -> Bool {
        let text = NotificationText(due, clock: clock, signed: await signedHead(of: due))
        var body = text.body
        let isMinor = due.event.event == .reminded
        var isQueued = false
        var failure: HostError?
        for channel in channels.ofPlan where isHeard(due, on: channel) {
            do {
                let isTaken = try await channel.enqueue(subject: text.subject, body: body, isMinor: isMinor)
                isQueued = isQueued || isTaken
            } catch {
                failure = failure ?? error
                body += "\nThe \(channel.traits.name) of the plan could not be queued: \(error.message)\n"
            }
        }
        // Who is notified by a commit's word can be kept from it by one.
        let owner = channels.ofOwner
        if isHeard(due, on: owner),
            try await owner.enqueue(subject: text.subject, body: body, isMinor: isMinor)
        {
            return true
        }
        guard let failure else { return isQueued }
        // Asked for again, it would be told once more on the channels that took it.
        guard isQueued else { throw failure }
        logger.error("a channel does not take a notification", metadata: ["error": "\(failure)"])
        return true
    }

    private func isHeard(_ due: DueNotification, on channel: any NotificationChannel) -> Bool {
        !due.isToldByCheck || !channel.traits.isServedByCheck
    }

    func hearsOfChecks() async throws -> Bool {
        for channel in channels.all where !channel.traits.isServedByCheck {
            if try channel.isConfigured { return true }
        }
        return false
    }

    /// A host without a key still notifies.
    private func signedHead(of due: DueNotification) async -> SignedJournalHead? {
        guard let head = due.head else { return nil }
        return try? await HostKey(host.configuration).signed(head, of: due.event.details.host)
    }

    func sendSoon() async throws {
        try await onEachChannel { channel throws(HostError) in try await channel.sendSoon() }
    }

    func sendLeftovers() async throws {
        try await onEachChannel { channel throws(HostError) in
            let content = try channel.content()
            guard !content.waiting.isEmpty, isDue(after: content.lastAttempt) else { return }
            try await channel.sendSoon()
        }
    }

    /// The owner's first. One that fails keeps nobody from the others.
    private func onEachChannel(
        _ body: (any NotificationChannel) async throws(HostError) -> Void
    ) async throws(HostError) {
        var failure: HostError?
        for channel in [channels.ofOwner] + channels.ofPlan {
            do {
                try await body(channel)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func isDue(after attempt: ChannelContent.Attempt?) -> Bool {
        attempt.map { clock.now().isAfter(.seconds(300), since: $0.time) } ?? true
    }

    func adoptSettings(of plan: ResolvedPlan, secrets: Secrets) async throws {
        try setup.installFirst(of: plan, secrets: secrets)
    }
}
