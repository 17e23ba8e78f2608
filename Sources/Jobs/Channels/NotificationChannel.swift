public import Files
public import Model

/// A way on which notifications leave this host: a queue on disk, from which they are sent later. Nothing of it waits for
/// a server.
public protocol NotificationChannel: Sendable {
    var traits: ChannelTraits { get }
    /// Whether anybody is written to.
    var isConfigured: Bool { get throws(HostError) }
    /// Queues a notification, durably; returns `false`, and does nothing, where nobody is written to. Any text will do.
    ///
    /// `isMinor`: a reminder, say, that may be given up when too many wait.
    func enqueue(subject: String, body: String, isMinor: Bool) async throws(HostError) -> Bool
    /// Begins to send what is queued; returns at once. Where nobody is written to nothing happens.
    func sendSoon() async throws(HostError)
    func content() throws(HostError) -> ChannelContent
}

/// What differs between channels, as data.
public struct ChannelTraits: Hashable, Sendable {
    /// Such as `owner mail`.
    public let name: String
    /// What it sends, such as `mail`.
    public let message: String
    /// What to do when something waits or was refused.
    public let advice: String
    /// Whether the health check's script tells people on it by itself, also when nothing else of Fairlead is there.
    public let isServedByCheck: Bool

    package init(name: String, message: String, advice: String, isServedByCheck: Bool = false) {
        self.name = name
        self.message = message
        self.advice = advice
        self.isServedByCheck = isServedByCheck
    }
}

/// What waits in a channel and what was refused.
public struct ChannelContent: Sendable {
    public var waiting: [Entry]
    public var refused: [Entry]
    /// The newest attempt; `nil` when there was none.
    public var lastAttempt: Attempt?
    /// `false` while nobody is written to: then what waits goes on waiting.
    public var isConfigured: Bool

    /// One message.
    public struct Entry: Sendable {
        public var name: String
        public var since: Timestamp
        public var subject: String
        /// What the server answered, a line for each recipient; empty while it waits.
        public var answers: [String]
    }

    /// How sending went.
    public struct Attempt: Sendable {
        public enum Outcome: String, Sendable {
            /// All that waited was sent.
            case sent
            /// The server could not be reached, or put us off: what waits is sent later.
            case unreachable
            /// The server took none of it, for a reason that only a change fixes: login, certificate, sender.
            case configuration
        }

        public var time: Timestamp
        public var outcome: Outcome
        /// One line; empty when all was well.
        public var error: String
    }

    package init(
        waiting: [Entry] = [], refused: [Entry] = [], lastAttempt: Attempt? = nil, isConfigured: Bool = true
    ) {
        self.waiting = waiting
        self.refused = refused
        self.lastAttempt = lastAttempt
        self.isConfigured = isConfigured
    }
}

/// All ways on which notifications leave a host.
public struct HostChannels: Sendable {
    /// Of the deployed plan: a commit changes whom they reach.
    public let ofPlan: [any NotificationChannel]
    /// To the host's owner: no commit changes that.
    public let ofOwner: any NotificationChannel

    public init(stateDirectory: String) {
        self.init(
            ofPlan: PlanChannel.all.map { $0.channel(stateDirectory) }, ofOwner: MailQueue(ownerIn: stateDirectory))
    }

    package init(ofPlan: [any NotificationChannel], ofOwner: any NotificationChannel) {
        self.ofPlan = ofPlan
        self.ofOwner = ofOwner
    }

    public var all: [any NotificationChannel] { ofPlan + [ofOwner] }

    /// What those of a plan are called, on any host.
    public static var namesOfPlan: [String] { Self(stateDirectory: "").ofPlan.map(\.traits.name) }
}
