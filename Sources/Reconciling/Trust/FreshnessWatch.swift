public import Model

/// Looks whether the branch, as it is seen here, is current.
public struct FreshnessWatch: Sendable {
    private let maximumAge: PlanDuration
    private let branch: String
    private let source: any Ancestry
    private let heartbeats: any HeartbeatInsight
    private let memory: any FreshnessMemory
    private let now: @Sendable () -> Timestamp

    public init(
        maximumAge: PlanDuration, branch: String, source: any Ancestry, heartbeats: any HeartbeatInsight,
        memory: any FreshnessMemory, now: @escaping @Sendable () -> Timestamp
    ) {
        self.maximumAge = maximumAge
        self.branch = branch
        self.source = source
        self.heartbeats = heartbeats
        self.memory = memory
        self.now = now
    }

    /// How current `tip` is, which is present locally; `warrant`: why it is believed, where it is. Remembers nothing.
    ///
    /// While what is known is young enough the server is not asked for a heartbeat, unless with `always`.
    public func look(
        at tip: CommitID, _ warrant: CommitWarrant?, always: Bool = false
    ) async throws -> BranchFreshness {
        var facts = FreshnessFacts(known: try await memory.freshness()?.proof)
        if let warrant, warrant.way == .signature {
            facts.tip = FreshnessProof(
                form: .commit, commit: tip, signer: warrant.signer, signed: try await heartbeats.committed(tip),
                seen: now())
        }
        let soFar = BranchFreshness.about(facts, now: now())
        guard always || isAsked(after: soFar) else { return soFar }
        facts.heartbeat = try await heartbeat()
        if case .signed(let beat) = facts.heartbeat {
            facts.containsHeartbeat = try await source.isAncestor(beat.commit, of: tip)
        }
        return BranchFreshness.about(facts, now: now())
    }

    public func doubt(about freshness: BranchFreshness) -> FreshnessDoubt? {
        freshness.doubt(maximumAge: maximumAge, branch: branch, now: now())
    }

    func remember(_ freshness: BranchFreshness) async throws { try await memory.record(freshness) }

    /// From half of the age on, so that a server that fails for a while does no harm.
    private func isAsked(after freshness: BranchFreshness) -> Bool {
        let half = PlanDuration(milliseconds: maximumAge.milliseconds / 2)
        return freshness.fault != nil || freshness.doubt(maximumAge: half, branch: branch, now: now()) != nil
    }

    /// A server that gives none away is no reason to believe anything, nor to stop.
    private func heartbeat() async throws -> HeartbeatFinding {
        do {
            return try await heartbeats.heartbeat(at: now())
        } catch let error as any Actionable where !error.isInterruption {
            return .refused("a heartbeat cannot be asked for: \(error.message)")
        }
    }
}
