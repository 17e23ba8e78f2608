/// Why this host believes a commit.
public struct CommitWarrant: Codable, Hashable, Sendable {
    public enum Way: String, Codable, Hashable, Sendable {
        case signature
        /// A tag of an override signer.
        case override
        /// Root said so on this host: `fairlead accept`.
        case acceptance
    }

    public var way: Way
    /// Who signed the commit, or the tag.
    public var signer: CommitSigner?
    /// Who signed it beside, where a rule wanted that.
    public var approvers: [CommitSigner]?
    /// Who accepted it on this host.
    public var person: String?
    public var time: Timestamp

    public init(
        way: Way, signer: CommitSigner? = nil, approvers: [CommitSigner]? = nil, person: String? = nil, time: Timestamp
    ) {
        self.way = way
        self.signer = signer
        self.approvers = approvers
        self.person = person
        self.time = time
    }

    /// For people, beside what the commit says of its author.
    public var words: String {
        switch way {
        case .signature: "signed by \(signer?.name ?? "")" + approval
        case .override: "let pass by a tag of \(signer?.name ?? "")"
        case .acceptance: "accepted here by \(person ?? "root")"
        }
    }

    private var approval: String {
        let names = (approvers ?? []).map(\.name)
        return names.isEmpty ? "" : ", approved by \(names.joined(separator: " and "))"
    }
}

/// A commit that was accepted: what comes later has to contain it.
public struct AcceptedCommit: Codable, Hashable, Sendable {
    public var commit: CommitID
    public var warrant: CommitWarrant
    /// Who signed the commits below it that were verified with it; kept beside each of them only.
    public var below: [CommitID: CommitSigner] = [:]
    /// The override tags that let a commit pass on this host, the newest first: none of them does so again.
    public var usedOverrides: [SignedOverride]?

    enum CodingKeys: String, CodingKey { case commit, warrant, usedOverrides }

    public init(
        commit: CommitID, warrant: CommitWarrant, below: [CommitID: CommitSigner] = [:],
        usedOverrides: [SignedOverride]? = nil
    ) {
        self.commit = commit
        self.warrant = warrant
        self.below = below
        self.usedOverrides = usedOverrides
    }

    /// Of those, the newest are kept; only a signer of overrides can make that many.
    private static let mostOverrides = 50

    /// With what was used until `former`, which was accepted before it.
    public func following(_ former: Self?) -> Self {
        let own = usedOverrides ?? []
        let all = own + (former?.usedOverrides ?? []).filter { !own.contains($0) }
        var accepted = self
        accepted.usedOverrides = all.isEmpty ? nil : Array(all.prefix(Self.mostOverrides))
        return accepted
    }
}

/// Root accepts one commit on this host, whatever its signature and history are.
///
/// It holds until a commit is accepted, this one or another, and for a day at most: the same commit cannot be brought
/// back later, also where `from` is then once more what was accepted last.
public struct LocalAcceptance: Codable, Hashable, Sendable {
    public var commit: CommitID
    public var from: CommitID?
    public var person: String
    public var time: Timestamp
    /// The commit that was accepted next, with which it ended.
    public var ended: CommitID?

    public init(commit: CommitID, from: CommitID?, person: String, time: Timestamp) {
        self.commit = commit
        self.from = from
        self.person = person
        self.time = time
    }

    private static let lifetime = Duration.seconds(86_400)

    /// Whether it lets `tip` pass at `now`, where `base` was accepted last.
    package func holds(for tip: CommitID, after base: CommitID?, at now: Timestamp) -> Bool {
        guard commit == tip, from == base, ended == nil else { return false }
        // In both directions: with a clock that was ahead it would hold until that time comes.
        let age = now.since(time)
        return age >= .zero - Self.lifetime && age <= Self.lifetime
    }
}
