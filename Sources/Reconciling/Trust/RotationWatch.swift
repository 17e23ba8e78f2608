public import Model

/// Looks whether enough of the present signers have signed a new list of them.
public struct RotationWatch: Sendable {
    private let settings: TrustSettings
    private let threshold: Int
    private let host: String
    private let source: any Ancestry
    private let votes: any SignerVotes
    private let memory: any RotationMemory
    private let now: @Sendable () -> Timestamp

    /// `nil` where only the configuration says who may sign.
    public init?(
        settings: TrustSettings, host: String, source: any Ancestry, votes: any SignerVotes,
        memory: any RotationMemory, now: @escaping @Sendable () -> Timestamp
    ) {
        guard settings.verifiesCommits, let threshold = settings.rotation.threshold else { return nil }
        self.settings = settings
        self.threshold = threshold
        self.host = host
        self.source = source
        self.votes = votes
        self.memory = memory
        self.now = now
    }

    /// What the server has of the list after the present one; `tip`, which is present locally, is what the branch is now,
    /// believed or not. Remembers nothing.
    public func look(at tip: CommitID) async throws -> SignerOutlook {
        let number = settings.rotation.next(after: try await memory.rotations())
        do {
            let findings = try await votes.votes(on: number, at: now())
            return SignerReview(
                number: number, threshold: threshold, stack: settings.stack, host: host, findings: findings,
                ownCommits: try await ownCommits(findings, tip), revoked: try votes.revokedKeys()
            ).outlook(at: now())
        } catch let error as any Actionable where !error.isInterruption {
            // A server that gives no tags away is no reason to stop.
            return .waiting(SignerOffer(number: number, reason: "it cannot be asked for: \(error.message)"))
        }
    }

    /// A list that was signed for another customer's repo is on a commit of that one.
    private func ownCommits(_ findings: [SignerVoteFinding], _ tip: CommitID) async throws -> Set<CommitID> {
        var own: Set<CommitID> = []
        for commit in Set(findings.compactMap { $0.vote?.commit }) {
            guard try await source.isAncestor(commit, of: tip) else { continue }
            if let anchor = settings.anchor, try await !source.isAncestor(anchor, of: commit) { continue }
            own.insert(commit)
        }
        return own
    }

    /// The number of the list that was accepted last; 0 where none was.
    var accepted: Int { get async throws { try await memory.rotations().first?.number ?? 0 } }

    func remember(_ rotation: SignerRotation) async throws { try await memory.record(rotation) }

    func remember(_ offer: SignerOffer?) async throws { try await memory.record(offer) }
}
