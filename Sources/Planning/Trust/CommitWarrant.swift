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

    enum CodingKeys: String, CodingKey { case commit, warrant }

    public init(commit: CommitID, warrant: CommitWarrant, below: [CommitID: CommitSigner] = [:]) {
        self.commit = commit
        self.warrant = warrant
        self.below = below
    }
}

/// Root accepts one commit on this host, whatever its signature and history are.
///
/// It holds only as long as `from` is the commit that was accepted last, so that the same commit cannot be brought back later.
public struct LocalAcceptance: Codable, Hashable, Sendable {
    public var commit: CommitID
    public var from: CommitID?
    public var person: String
    public var time: Timestamp

    public init(commit: CommitID, from: CommitID?, person: String, time: Timestamp) {
        self.commit = commit
        self.from = from
        self.person = person
        self.time = time
    }
}
