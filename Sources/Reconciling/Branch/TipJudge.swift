internal import Model
internal import Planning

/// Records what the branch brought, and whether it is believed.
struct TipJudge: Sendable {
    let source: any CommitSource & Ancestry
    let gate: CommitGate
    let memory: any ReconcilerJournal
    /// A branch that was rewritten is refused instead of followed.
    let requiresFastForward: Bool
    let now: @Sendable () -> Timestamp

    /// A commit that is present locally, with why it is believed.
    func commit(_ id: CommitID) async throws -> Commit {
        var commit = try await source.commit(id)
        commit.warrant = try await gate.warrant(of: id)
        return commit
    }

    /// Whether nothing is left to do for a commit that was seen before.
    func isSettled(_ seen: CommitRecord, _ state: HostState) async throws -> Bool {
        switch seen.verdict {
        case .moved: return true
        // A teardown that was taken back between two polls leaves nothing that counts as deployed.
        case .deployed, .nothingToDeploy:
            return state.deployed != nil && state.unfinished == nil
        case .pending, .superseded: return false
        case .refused, .rolledBack:
            if try await gate.awaitsApproval(of: seen.commit.id) { return false }
            let failures = state.failures.filter { $0.commit == seen.commit.id }
            return !failures.isEmpty && failures.allSatisfy { $0.isHeldBack(at: now()) }
        }
    }

    /// Records the fetched tip, and whether it is believed.
    func judged(_ tip: RemoteTip, after seen: CommitRecord?) async throws -> BranchTip {
        // Not as of before the fetch, which may take hours.
        switch try await gate.decision(on: tip.commit, deployed: try await memory.deployedState()?.commit) {
        case nil: return .changed(tip.commit, notes: try await record(tip, after: seen))
        case .accepted(let accepted)?:
            let notes = try await record(tip, after: seen, warrant: accepted.warrant)
            try await gate.remember(accepted)
            return .changed(tip.commit, notes: notes)
        case .refused(let why)?: return .untrusted(why, notes: try await record(tip, after: seen))
        }
    }

    /// Records what the fetched tip brought; returns what an operator should know of it.
    private func record(
        _ tip: RemoteTip, after seen: CommitRecord?, warrant: CommitWarrant? = nil
    ) async throws -> [String] {
        var notes = tip.failures.map { "\($0); '\(tip.servedBy)' served instead" }
        guard seen?.commit.id != tip.commit else { return notes }
        if let note = try await rewriteNote(tip, after: seen) { notes.append(note) }
        let limit = seen == nil ? 1 : Attribution.bound
        let new = try await source.history(of: tip.commit, since: seen?.commit.id, limit: limit)
        let time = now()
        let records = new.map { commit in
            var commit = commit
            if commit.id == tip.commit { commit.warrant = warrant }
            return CommitRecord(
                commit: commit, seen: time, servedBy: tip.servedBy,
                verdict: commit.id == tip.commit ? .pending : .superseded)
        }
        // A branch that was set back brings no new commit, but its tip is to be decided on again.
        let known = records.contains { $0.commit.id == tip.commit }
        var commit = try await source.commit(tip.commit)
        commit.warrant = warrant
        let tipRecord = CommitRecord(commit: commit, seen: time, servedBy: tip.servedBy)
        try await memory.recordSeen(known ? records : [tipRecord] + records)
        return notes
    }

    /// A sentence when the branch no longer contains the commit that it pointed to; an error where that is refused.
    private func rewriteNote(_ tip: RemoteTip, after seen: CommitRecord?) async throws -> String? {
        // Where commits are verified the gate has seen to it: what was seen last may be what was refused.
        guard !gate.isClosed, let old = seen?.commit.id, try await !source.isAncestor(old, of: tip.commit) else {
            return nil
        }
        guard !requiresFastForward else {
            throw RewrittenBranch(from: old, to: tip.commit)
        }
        return "the branch was rewritten: '\(old.short)' is not in the history of '\(tip.commit.short)'; it is followed"
    }
}
