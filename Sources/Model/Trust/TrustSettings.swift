/// Which commits and images this host believes: `trust` in its configuration, never in the customer repo.
public struct TrustSettings: Codable, Hashable, Sendable {
    public struct Commits: Codable, Hashable, Sendable {
        public enum Mode: String, Codable, Hashable, Sendable { case off, ssh, gpg }

        public enum Scope: String, Codable, Hashable, Sendable {
            /// The newest commit: its signer answers for all that it contains.
            case tip
            /// Every commit since the one that was accepted last.
            case every
        }

        public var mode: Mode
        public var allowedSigners: String?
        public var revoked: String?
        public var scope: Scope
        /// Who may change what; whoever may sign commits may change all that none is about.
        public var rules: [ChangeRule]

        public init(
            mode: Mode = .off, allowedSigners: String? = nil, revoked: String? = nil, scope: Scope = .tip,
            rules: [ChangeRule] = []
        ) {
            self.mode = mode
            self.allowedSigners = allowedSigners
            self.revoked = revoked
            self.scope = scope
            self.rules = rules
        }
    }

    public var commits: Commits
    public var rotation: Rotation
    /// A commit of this customer's repo that every tip has to contain.
    public var anchor: CommitID?
    /// The only stack that this host takes.
    public var stack: String?
    /// Who may sign tags that let an exception pass; nobody when absent.
    public var overrideSigners: String?
    /// How old this host's view of the branch may be; it is not asked when absent.
    public var maximumAge: PlanDuration?
    /// Who may sign heartbeats; who may sign commits when absent.
    public var heartbeatSigners: String?
    /// What images have to prove, by the beginning of their names.
    public var images: [String: ImageRequirement]

    public init(
        commits: Commits = Commits(), rotation: Rotation = Rotation(), anchor: CommitID? = nil, stack: String? = nil,
        overrideSigners: String? = nil,
        maximumAge: PlanDuration? = nil, heartbeatSigners: String? = nil, images: [String: ImageRequirement] = [:]
    ) {
        self.commits = commits
        self.rotation = rotation
        self.anchor = anchor
        self.stack = stack
        self.overrideSigners = overrideSigners
        self.maximumAge = maximumAge
        self.heartbeatSigners = heartbeatSigners
        self.images = images
    }

    public var verifiesCommits: Bool { commits.mode != .off }
}
