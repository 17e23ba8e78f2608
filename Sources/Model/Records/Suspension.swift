/// Reconciliation is switched off by an operator.
public struct Suspension: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The stack runs on; 'fairlead resume' ends it.
        case suspended
        /// The stack is stopped; 'fairlead maintenance end' starts it and ends this.
        case maintenance
        /// State or data were another machine's; 'fairlead adopt' makes them this one's and ends it.
        case foreign
        /// The stack moves to another host and is stopped; a commit without that one's entry ends it.
        case moved
    }

    public var reason: String
    public var since: Timestamp
    public var kind: Kind

    public init(reason: String, since: Timestamp, kind: Kind = .suspended) {
        self.reason = reason
        self.since = since
        self.kind = kind
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        reason = try values.decode(String.self, forKey: .reason)
        since = try values.decode(Timestamp.self, forKey: .since)
        // Older records are all of one kind.
        kind = try values.decodeIfPresent(Kind.self, forKey: .kind) ?? .suspended
    }

    /// What ends it; `nil` when no command does.
    public var command: String? {
        switch kind {
        case .suspended: "fairlead resume"
        case .maintenance: "fairlead maintenance end"
        case .foreign: "fairlead adopt"
        case .moved: nil
        }
    }

    /// How it is ended, as a clause.
    public var ending: String {
        command.map { "'\($0)' ends that" } ?? "a commit that removes the entry of the new host ends that"
    }
}

extension Suspension.Kind {
    /// What a host that is held back does, and lets operators do. Whoever has to know asks this: a new kind needs a line here.
    public struct Standing: Hashable, Sendable {
        /// Whether the stack runs on as if nothing were: backups of it are made, and it can be rolled back.
        public var leavesStack = false
        /// Whether another host has the stack, so that none is missed here; the branch is followed, which may bring it back.
        public var isElsewhere = false
        /// Whether nobody wanted it, so that something is wrong.
        public var isFault = false
        /// Whether failures can be lifted meanwhile.
        public var allowsRetry = false
        /// Whether data can be imported meanwhile.
        public var allowsImport = false
    }

    public var standing: Standing {
        switch self {
        case .suspended: Standing(leavesStack: true, allowsRetry: true, allowsImport: true)
        case .maintenance: Standing(allowsImport: true)
        case .foreign: Standing(isFault: true)
        case .moved: Standing(isElsewhere: true, allowsRetry: true)
        }
    }
}
