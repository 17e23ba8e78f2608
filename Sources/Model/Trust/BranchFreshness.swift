/// What there is to tell how old this host's view of the branch is.
public struct FreshnessFacts: Sendable {
    /// What was seen before.
    public var known: FreshnessProof?
    /// The tip, where its own signature is why it is believed.
    public var tip: FreshnessProof?
    public var heartbeat: HeartbeatFinding
    /// Whether the tip is, or contains, what the heartbeat speaks of.
    public var containsHeartbeat: Bool

    public init(
        known: FreshnessProof? = nil, tip: FreshnessProof? = nil, heartbeat: HeartbeatFinding = .absent,
        containsHeartbeat: Bool = true
    ) {
        self.known = known
        self.tip = tip
        self.heartbeat = heartbeat
        self.containsHeartbeat = containsHeartbeat
    }
}

/// How current this host's view of the branch is. A server, or whoever is on the way to it, that shows an old state for ever
/// cannot make anything of it look newer.
public struct BranchFreshness: Codable, Hashable, Sendable {
    /// How far a signer's clock may be ahead of this host's.
    public static let tolerance = PlanDuration.seconds(300)

    /// The newest that there is.
    public var proof: FreshnessProof?
    /// Why what the server has to show does not count.
    public var fault: String?

    public init(proof: FreshnessProof? = nil, fault: String? = nil) {
        self.proof = proof
        self.fault = fault
    }

    /// A pure function of what is known. The proof never gets older: what was shown before proves nothing anew.
    public static func about(_ facts: FreshnessFacts, now: Timestamp) -> Self {
        var freshness = Self()
        // One from the future was taken by a clock that was wrong: it would keep out all that comes until then.
        if let known = facts.known, !known.isAhead(of: now) { freshness.proof = known }
        if let tip = facts.tip { freshness.fault = freshness.take(tip, now: now) }
        switch facts.heartbeat {
        case .absent: break
        case .refused(let why): freshness.fault = why
        case .signed(let beat):
            guard facts.containsHeartbeat else {
                freshness.fault =
                    "the heartbeat is of commit '\(beat.commit.short)', which the branch as it is served does not contain"
                break
            }
            let proof = FreshnessProof(
                form: .heartbeat, commit: beat.commit, signer: beat.signer, signed: beat.time, seen: now)
            freshness.fault = freshness.take(proof, now: now)
        }
        return freshness
    }

    /// Why it does not count; `nil` when it does, and when what is known already is newer.
    private mutating func take(_ offer: FreshnessProof, now: Timestamp) -> String? {
        if offer.isAhead(of: now) {
            return "the time of \(offer.words) is more than \(Self.tolerance) ahead of this host's clock"
        }
        guard let proof, proof.signed >= offer.signed else {
            self.proof = offer
            return nil
        }
        let isReplay = offer.form == .heartbeat && proof.form == .heartbeat && proof.signed > offer.signed
        return isReplay ? "\(offer.words) is older than one that was seen before" : nil
    }

    /// Whether the branch may be another one by now; `nil` when it is known to be no older than `maximumAge`.
    public func doubt(maximumAge: PlanDuration, branch: String, now: Timestamp) -> FreshnessDoubt? {
        if let proof, now.since(proof.time) <= maximumAge.duration { return nil }
        let newest = proof.map { "; the newest is \($0.words)" } ?? ""
        let fault = fault.map { "; what the server offers does not count: \($0)" } ?? ""
        return FreshnessDoubt(
            since: proof?.time,
            reason: "nothing that was signed within \(maximumAge) shows where branch '\(branch)' stands"
                + newest + fault,
            advice: "where commits are made: '\(Heartbeat.command(for: branch))'; if commits were pushed that this "
                + "host does not show, do not trust the git server, nor the way to it")
    }
}

/// Why the branch may be frozen, and since when.
public struct FreshnessDoubt: Hashable, Sendable {
    /// How old the branch is that is seen here, at least; `nil` when that is not known at all.
    public let since: Timestamp?
    public let reason: String
    public let advice: String
}

extension FreshnessProof {
    fileprivate func isAhead(of now: Timestamp) -> Bool {
        signed.since(now) > BranchFreshness.tolerance.duration
    }
}
