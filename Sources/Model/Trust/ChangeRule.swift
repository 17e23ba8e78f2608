/// Who may change what: a rule of the host's owner, in the host's configuration.
public struct ChangeRule: Codable, Hashable, Sendable {
    /// Files of the customer repo, as patterns: `files/web/**`.
    public var paths: [String]?
    /// Places of the resolved plan, as pointers in which `*` is any one part: `/containers/*/image`.
    public var plan: [String]?
    /// Who may change that, as the list of signers names them; everybody on the list when absent.
    public var signers: [String]?
    /// How many different persons of those have to have signed.
    public var threshold: Int?

    public init(paths: [String]? = nil, plan: [String]? = nil, signers: [String]? = nil, threshold: Int? = nil) {
        self.paths = paths
        self.plan = plan
        self.signers = signers
        self.threshold = threshold
    }

    public var needed: Int { max(1, threshold ?? 1) }

    /// What it is about, for people.
    public var words: String { ((plan ?? []) + (paths ?? [])).quoted }

    /// The persons it names, each once; `nil`: everybody on the list.
    public var persons: [String]? {
        guard let signers else { return nil }
        var seen: Set<String> = []
        return signers.map(CommitSigner.person).filter { seen.insert($0).inserted }
    }

    package func admits(_ signer: CommitSigner) -> Bool { persons?.contains(signer.person) ?? true }
}
