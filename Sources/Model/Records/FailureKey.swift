/// What failed, as it is remembered until it succeeds or an operator lifts it.
public enum FailureKey: Hashable, Sendable {
    /// A deployment of the plan with this digest.
    case plan(String)
    /// A commit that is not believed, whose plan cannot be read, or whose stack cannot be moved out.
    case commit(CommitID)
    /// A start of the deployed plan with this digest.
    case boot(String)
    /// The repair of one container of the deployed plan with this digest.
    case repair(String, container: String)
    /// Making the network of the deployed plan with this digest whole.
    case network(String)

    /// As `text` has it; what it never has is the digest of a plan.
    public init(_ text: String) {
        let key = Self.marked(text.split(separator: " ", maxSplits: 2).map(String.init))
        // What would be kept under another text could never be forgotten.
        self = if let key, key.text == text { key } else { .plan(text) }
    }

    private static func marked(_ words: [String]) -> Self? {
        switch (words.first, words.count) {
        case ("unresolved", 2): CommitID(words[1]).map(Self.commit)
        case ("boot", 2): .boot(words[1])
        case ("network", 2): .network(words[1])
        case ("repair", 3): .repair(words[1], container: words[2])
        default: nil
        }
    }

    /// In the journal, and in the causes of incidents: as every version wrote it.
    public var text: String {
        switch self {
        case .plan(let digest): digest
        case .commit(let id): "unresolved \(id.hex)"
        case .boot(let digest): "boot \(digest)"
        case .network(let digest): "network \(digest)"
        case .repair(let digest, let container): "repair \(digest) \(container)"
        }
    }

    /// Whether it is one of the deployed plan, which no next commit replaces: of all of it, of one container or of its network.
    public var isOfDeployed: Bool {
        switch self {
        case .plan, .commit: false
        case .boot, .network, .repair: true
        }
    }

    /// Whether it is the failed start of all of the deployed plan.
    public var isOfBoot: Bool { if case .boot = self { true } else { false } }

    /// For people, of what failed beside a commit: `the repair of web`; `nil` of a commit, or of its plan.
    public var work: String? {
        switch self {
        case .plan, .commit: nil
        case .boot: "the start of the stack"
        case .repair(_, let container): "the repair of \(container)"
        case .network: "the repair of the stack's network"
        }
    }

    /// `nil` unless it is the failed repair of one container.
    public var repairedContainer: String? { if case .repair(_, let container) = self { container } else { nil } }
}

extension FailureKey: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
