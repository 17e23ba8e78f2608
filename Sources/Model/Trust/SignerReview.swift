/// What is known of the next list of signers.
public struct SignerReview: Sendable {
    public var number: Int
    public var threshold: Int
    /// The only one that this host takes.
    public var stack: String?
    public var host: String
    /// The tags, each with whether one of the present signers made it.
    public var findings: [SignerVoteFinding]
    /// Those commits of tags that the branch contains, and that contain the anchor.
    public var ownCommits: Set<CommitID>
    /// Keys that count no more, whatever a list says.
    public var revoked: Set<String>

    public init(
        number: Int, threshold: Int, stack: String?, host: String, findings: [SignerVoteFinding],
        ownCommits: Set<CommitID>, revoked: Set<String> = []
    ) {
        self.number = number
        self.threshold = threshold
        self.stack = stack
        self.host = host
        self.findings = findings
        self.ownCommits = ownCommits
        self.revoked = revoked
    }

    /// Whether it takes effect at `time`, which is now; a pure function of what is known.
    public func outlook(at time: Timestamp) -> SignerOutlook {
        guard !findings.isEmpty else { return .absent }
        let complete = lists.filter { $0.signers.count >= threshold }
        guard complete.count < 2 else {
            return .waiting(
                SignerOffer(
                    number: number,
                    reason: "two different lists with that number are signed by enough; remove the tags of one"))
        }
        guard let list = complete.first else { return .waiting(SignerOffer(number: number, reason: shortfall)) }
        return .accepted(
            SignerRotation(
                number: number, lines: list.list.lines, persons: list.list.persons, signers: list.signers, time: time))
    }

    /// Each with its signers, every person once; that of the most first.
    private var lists: [(list: SignerProposal, signers: [CommitSigner])] {
        var votes: [SignerProposal: [CommitSigner]] = [:]
        for vote in findings.compactMap(\.vote) where fault(of: vote) == nil {
            votes[vote.list, default: []].append(vote.signer)
        }
        return votes.map { (list: $0.key, signers: CommitSigner.distinct($0.value)) }
            .sorted { ($0.signers.count, $1.list.text) > ($1.signers.count, $0.list.text) }
    }

    private var shortfall: String {
        let best = lists.first?.signers ?? []
        let names = best.isEmpty ? "by nobody who counts" : "by \(best.map(\.person).joined(separator: ", "))"
        let others = lists.count > 1 ? "; not all tags have the same list" : ""
        let faults = findings.compactMap { finding -> String? in
            switch finding {
            case .refused(let why): why
            case .signed(let vote): fault(of: vote).map { "that of \(vote.signer.person): \($0)" }
            }
        }
        let words = faults.prefix(3).map { "; a tag does not count: \($0)" }.joined()
        return "it is signed \(names), \(best.count) of \(threshold) persons\(others)\(words)"
    }

    private func fault(of vote: SignerVote) -> String? {
        let list = vote.list
        if list.number != number { return "its text is that of list \(list.number)" }
        if list.stack != stack { return "it is for stack '\(ForeignText(list.stack, limit: 60))'" }
        if !list.hosts.isEmpty, !list.hosts.contains(host) { return "it is for other hosts" }
        if !ownCommits.contains(vote.commit) {
            return "it is on commit '\(vote.commit.short)', which is not of this branch, or older than the anchor"
        }
        let lasting = list.lastingPersons(without: revoked)
        guard lasting < threshold else { return nil }
        return "it would leave \(lasting) who can sign the list after it, for which \(threshold) are needed"
    }
}

/// What becomes of the next list of signers.
public enum SignerOutlook: Hashable, Sendable {
    /// There is none.
    case absent
    case waiting(SignerOffer)
    case accepted(SignerRotation)
}
