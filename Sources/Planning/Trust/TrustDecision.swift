public import Model

/// What is known of the tip of the branch before its content counts for anything.
public struct TrustFacts: Sendable {
    public var tip: CommitID
    /// What was accepted last.
    public var head: AcceptedCommit?
    /// What the tip has to contain where nothing was accepted yet: what is deployed.
    public var deployed: CommitID?
    public var containsBase: Bool
    public var containsAnchor: Bool
    /// Of the commits that have to be signed, newest first.
    public var findings: [(commit: CommitID, finding: SignatureFinding)]
    /// There are more of them than `mostCommits`, and none was verified.
    public var isCutShort: Bool
    /// This many are verified for one tip.
    public static let mostCommits = 1000
    public var acceptance: LocalAcceptance?
    public var override: OverrideFinding
    /// Where rules say who may change what.
    public var review: ChangeReview?

    public init(
        tip: CommitID, head: AcceptedCommit? = nil, deployed: CommitID? = nil, containsBase: Bool = true,
        containsAnchor: Bool = true, findings: [(commit: CommitID, finding: SignatureFinding)] = [],
        isCutShort: Bool = false, acceptance: LocalAcceptance? = nil, override: OverrideFinding = .absent,
        review: ChangeReview? = nil
    ) {
        self.tip = tip
        self.head = head
        self.deployed = deployed
        self.containsBase = containsBase
        self.containsAnchor = containsAnchor
        self.findings = findings
        self.isCutShort = isCutShort
        self.acceptance = acceptance
        self.override = override
        self.review = review
    }

    /// What the tip has to contain.
    public var base: CommitID? { head?.commit ?? deployed }
}

/// Whether a tip is followed; a pure function of what is known.
public enum TrustDecision: Hashable, Sendable {
    case accepted(AcceptedCommit)
    case refused(UntrustedCommit)

    public static func about(
        _ facts: TrustFacts, anchor: CommitID?, host: String, now: Timestamp
    ) -> Self {
        // It was verified when it was received; a key that expires later does not undo that.
        if let head = facts.head, head.commit == facts.tip { return .accepted(head) }
        if let accepted = exception(facts, anchor: anchor, host: host, now: now) { return .accepted(accepted) }
        if let reason = objection(to: facts, anchor: anchor) {
            let fault = overrideFault(facts, anchor: anchor, host: host, now: now)
            return .refused(UntrustedCommit(tip: facts.tip, reason: reason, overrideFault: fault))
        }
        let signer = facts.findings.first?.finding.signer
        let approvers = facts.review?.approvers(beside: signer) ?? []
        let warrant = CommitWarrant(
            way: .signature, signer: signer, approvers: approvers.isEmpty ? nil : approvers, time: now)
        var below: [CommitID: CommitSigner] = [:]
        for (commit, finding) in facts.findings.dropFirst() { below[commit] = finding.signer }
        return .accepted(AcceptedCommit(commit: facts.tip, warrant: warrant, below: below))
    }

    /// What lets this tip pass whatever it is.
    private static func exception(
        _ facts: TrustFacts, anchor: CommitID?, host: String, now: Timestamp
    ) -> AcceptedCommit? {
        if let acceptance = facts.acceptance, acceptance.holds(for: facts.tip, after: facts.base, at: now) {
            let warrant = CommitWarrant(way: .acceptance, person: acceptance.person, time: acceptance.time)
            return AcceptedCommit(commit: facts.tip, warrant: warrant)
        }
        guard case .signed(let override) = facts.override,
            overrideFault(facts, anchor: anchor, host: host, now: now) == nil
        else { return nil }
        let warrant = CommitWarrant(way: .override, signer: override.signer, time: now)
        return AcceptedCommit(commit: facts.tip, warrant: warrant, usedOverrides: [override])
    }

    private static func overrideFault(
        _ facts: TrustFacts, anchor: CommitID?, host: String, now: Timestamp
    ) -> String? {
        switch facts.override {
        case .absent: nil
        case .refused(let why): why
        case .signed(let override):
            override.fault(
                for: facts.tip, after: facts.base ?? anchor, on: host, at: now, used: facts.head?.usedOverrides ?? [])
        }
    }

    /// The same, where `doubt` is whether the branch may have been set back or held back before it got here. What this host
    /// accepted before is older than what contains it, so going on is better than staying; only where there is nothing yet
    /// an old state could be brought back.
    public func weighed(against doubt: FreshnessDoubt?, _ facts: TrustFacts) -> Self {
        guard let doubt, facts.base == nil, case .accepted(let accepted) = self, accepted.warrant.way == .signature
        else { return self }
        return .refused(UntrustedCommit(tip: facts.tip, reason: .outdated(doubt)))
    }

    private static func objection(to facts: TrustFacts, anchor: CommitID?) -> UntrustedCommit.Reason? {
        if let anchor, !facts.containsAnchor { return .foreign(anchor: anchor) }
        if let base = facts.base, !facts.containsBase { return .rewound(from: base) }
        if facts.isCutShort { return .tooMany(TrustFacts.mostCommits) }
        // No finding at all is no reason to believe anything.
        guard facts.findings.first?.commit == facts.tip else { return .unverified("nothing was verified", hint: "") }
        for (commit, finding) in facts.findings {
            if let fault = finding.fault { return .signature(of: commit, fault: fault) }
        }
        return facts.review?.shortfall(facts.findings.first?.finding.signer).map(UntrustedCommit.Reason.unapproved)
    }
}
