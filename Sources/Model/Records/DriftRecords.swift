/// One difference between what runs on the host and what was deployed.
public struct DriftFinding: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
        case missing, stopped, paused, renamed
        /// The engine says that it runs, or stops, and its process or the engine's monitor of it is gone.
        case dead
        /// One of its published ports leads nobody to it.
        case port
        case image = "wrong image"
        /// Another deployment made it.
        case origin = "other deployment"
        case detached
        /// It is on a network that its plan does not have.
        case attached
        case limits
        /// It carries Fairlead's labels, and the plan does not have it.
        case surplus
        /// The stack's network does not exist.
        case network = "no network"
        /// It exists, and does not carry what it should: its bridge on the host, or its name server.
        case bridge = "network not whole"
        /// It is on the stack's network, and Fairlead did not make it.
        case foreign
        /// One of its data directories is another one than it was.
        case data = "other data"
    }

    public enum Remedy: String, Codable, Sendable {
        /// The container is made anew, or removed if the plan does not have it.
        case replace
        /// The whole stack is established again.
        case establish
        /// The host's ports are led to the container once more; where that does not help, it is made anew.
        case renew
        /// The host's side of the stack's network is made whole; where that does not help, the stack is established again.
        case repairNetwork = "mend"
        /// Told only.
        case none
    }

    /// A container's name in the plan, or on the host where the plan does not have it; the name of the network.
    public var subject: String
    public var kind: Kind
    public var remedy: Remedy
    /// For people, without the subject: `is missing`.
    public var text: String
    /// What users miss by it, once it is recorded; `nil` in what older versions recorded.
    public var effect: DriftEffect?

    public init(subject: String, kind: Kind, remedy: Remedy, text: String) {
        self.subject = subject
        self.kind = kind
        self.remedy = remedy
        self.text = text
    }
}

/// What users miss by a finding.
public struct DriftEffect: Codable, Hashable, Sendable {
    /// Whether the container serves nobody; of the network, whether no container does.
    public var isDown: Bool
    /// Since when; `nil` where nobody knows when it served last.
    public var begin: OutageBegin?
    /// When the finding was last seen; `nil` while it lasts, and where another process looked.
    public var lastSeen: Timestamp?

    public init(isDown: Bool, begin: OutageBegin? = nil, lastSeen: Timestamp? = nil) {
        self.isDown = isDown
        self.begin = begin
        self.lastSeen = lastSeen
    }
}

/// A finding, from its first sight until it was gone.
public struct DriftRecord: Codable, Hashable, Sendable {
    public var finding: DriftFinding
    public var found: Timestamp
    /// `nil` while it lasts.
    public var gone: Timestamp?

    public init(finding: DriftFinding, found: Timestamp, gone: Timestamp? = nil) {
        self.finding = finding
        self.found = found
        self.gone = gone
    }

    /// Since when users miss it; `nil` where they miss nothing.
    public var begin: OutageBegin? {
        guard let effect = finding.effect else { return OutageBegin(at: found) }
        return effect.isDown ? effect.begin ?? OutageBegin(at: found) : nil
    }
}
