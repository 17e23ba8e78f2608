public import Model
public import Planning

/// Decides whether a fetched tip is believed, before anything that it contains counts.
public struct CommitGate: Sendable {
    public typealias Source = CommitSource & Ancestry

    private let settings: TrustSettings
    private let host: String
    private let source: any Source
    private let signatures: any SignatureInsight
    private let memory: any TrustMemory
    private let now: @Sendable () -> Timestamp
    /// Whether the branch is current; absent where it is not asked.
    public let freshness: FreshnessWatch?
    /// Whether others sign from now on; absent where only the configuration says who does.
    public let rotation: RotationWatch?

    public init(
        settings: TrustSettings, host: String, source: any Source, signatures: any SignatureInsight,
        memory: any TrustMemory, freshness: FreshnessWatch? = nil, rotation: RotationWatch? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.settings = settings
        self.host = host
        self.source = source
        self.signatures = signatures
        self.memory = memory
        self.freshness = freshness
        self.rotation = rotation
        self.now = now
    }

    /// Whether commits are verified at all.
    public var isClosed: Bool { settings.verifiesCommits }

    /// `nil` where commits are not verified. `deployed`: what runs here, which counts as accepted where nothing else was.
    /// Remembers nothing.
    public func decision(on tip: CommitID, deployed: CommitID?) async throws -> TrustDecision? {
        guard isClosed else { return nil }
        do {
            let facts = try await facts(of: tip, deployed: deployed)
            let decision = TrustDecision.about(facts, anchor: settings.anchor, host: host, now: now())
            return decision.weighed(against: try await doubt(about: decision, facts), facts)
        } catch let error as any Actionable where !error.isInterruption {
            // No program, no list of signers: what cannot be verified is not believed.
            return .refused(UntrustedCommit(tip: tip, reason: .unverified(error.message, hint: error.hint)))
        }
    }

    /// Asked only where it counts: of the first commit of a host.
    private func doubt(about decision: TrustDecision, _ facts: TrustFacts) async throws -> FreshnessDoubt? {
        guard let freshness, facts.base == nil, case .accepted(let accepted) = decision else { return nil }
        return freshness.doubt(about: try await freshness.look(at: facts.tip, accepted.warrant))
    }

    /// Throws unless the tip is believed, or nothing is verified here.
    public func check(_ tip: CommitID, deployed: CommitID?) async throws {
        if case .refused(let why)? = try await decision(on: tip, deployed: deployed) { throw why }
    }

    /// The next tip has to contain it.
    func remember(_ accepted: AcceptedCommit) async throws { try await memory.record(accepted) }

    /// As it was accepted, where it was.
    func warrant(of commit: CommitID) async throws -> CommitWarrant? {
        guard isClosed, let head = try await memory.acceptedCommit(), head.commit == commit else { return nil }
        return head.warrant
    }

    /// Whether a tag may still let `tip` pass, which was refused: it is looked at with every poll.
    func awaitsApproval(of tip: CommitID) async throws -> Bool {
        guard isClosed, !settings.commits.rules.isEmpty else { return false }
        return try await memory.acceptedCommit()?.commit != tip
    }

    /// Whether no commit was accepted yet.
    var isFirst: Bool { get async throws { try await memory.acceptedCommit() == nil } }

    private func facts(of tip: CommitID, deployed: CommitID?) async throws -> TrustFacts {
        var facts = TrustFacts(tip: tip, head: try await memory.acceptedCommit(), deployed: deployed)
        guard facts.head?.commit != tip else { return facts }
        facts.acceptance = try await memory.acceptances().first { $0.commit == tip }
        facts.containsBase = try await contains(tip, facts.base)
        facts.containsAnchor = try await contains(tip, settings.anchor)
        let commits = try await commitsToVerify(for: facts)
        facts.isCutShort = commits.count > TrustFacts.mostCommits
        if !facts.isCutShort {
            let found = try await signatures.findings(of: commits, at: now())
            facts.findings = commits.map { (commit: $0, finding: found[$0] ?? .refused("was not found")) }
        }
        facts.review = try await review(facts)
        if case .refused = TrustDecision.about(facts, anchor: settings.anchor, host: host, now: now()) {
            facts.override = try await signatures.override(for: tip, on: host, at: now())
        }
        return facts
    }

    /// Only of what would be accepted otherwise: nothing of any other commit is read.
    private func review(_ facts: TrustFacts) async throws -> ChangeReview? {
        guard !settings.commits.rules.isEmpty,
            case .accepted(let accepted) = TrustDecision.about(facts, anchor: settings.anchor, host: host, now: now()),
            accepted.warrant.way == .signature
        else { return nil }
        let changes = try await ChangeLook(source: source, host: host)
            .changes(from: facts.base ?? settings.anchor, to: facts.tip)
        var review = ChangeReview(changes, rules: settings.commits.rules)
        guard review.shortfall(accepted.warrant.signer) != nil else { return review }
        review.approvals = try await signatures.approvals(of: facts.tip, at: now())
        return review
    }

    private func contains(_ tip: CommitID, _ ancestor: CommitID?) async throws -> Bool {
        guard let ancestor else { return true }
        return try await source.isAncestor(ancestor, of: tip)
    }

    /// Newest first. What the host accepted before, or begins with, is not verified again.
    private func commitsToVerify(for facts: TrustFacts) async throws -> [CommitID] {
        guard settings.commits.scope == .every, facts.containsBase, facts.containsAnchor else { return [facts.tip] }
        let begin = facts.head?.commit ?? settings.anchor
        let history = try await source.history(of: facts.tip, since: begin, limit: TrustFacts.mostCommits + 1)
        // The anchor itself has none to verify.
        return history.isEmpty ? [facts.tip] : history.map(\.id)
    }
}
