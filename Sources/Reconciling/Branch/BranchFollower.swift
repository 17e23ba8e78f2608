internal import Logging
internal import Model
internal import Planning

/// Follows the branch of the customer repo: asks where it stands, brings what is new, and records it with whether it is believed.
struct BranchFollower: Sendable {
    typealias Memory = ReconcilerJournal & HostMemory & FailureMemory

    let source: any CommitSource & Ancestry
    let gate: CommitGate
    let memory: any Memory
    let incidents: LoopIncidents
    let options: ReconcilerOptions
    let logger: Logger
    let now: @Sendable () -> Timestamp
    /// When all of the stack was last seen up, which is recorded with each poll.
    let stackUp: @Sendable () -> Timestamp?
    /// Looks after the stack while the branch is brought: that may take hours.
    let meanwhile: @Sendable () async throws -> Void

    /// Where the branch stands. Throws what keeps its tip from being here and followed; how long that lasts is remembered, and told.
    func tip(_ scope: Reconciler.Scope, _ state: HostState) async throws -> BranchTip {
        let staleness = BranchStaleness(memory: memory, incidents: incidents, limit: options.staleAfter, now: now)
        return try await staleness.noting { try await follow(scope, state) }
    }

    /// A commit that is present locally, with why it is believed.
    func commit(_ id: CommitID) async throws -> Commit {
        var commit = try await source.commit(id)
        commit.warrant = try await gate.warrant(of: id)
        return commit
    }

    private func follow(_ scope: Reconciler.Scope, _ state: HostState) async throws -> BranchTip {
        let seen = state.lastSeen
        let tip = try await newest(of: try await poll(), and: seen)
        if let seen, seen.commit.id == tip.commit, !scope.rereads, !scope.force,
            try await !tendSigners(at: tip.commit), try await isSettled(seen, state)
        {
            return .unchanged(seen)
        }
        try await bring(tip)
        _ = try await tendSigners(at: tip.commit)
        return try await judged(tip, after: seen)
    }

    private func poll() async throws -> RemoteTip {
        do {
            let tip = try await source.remoteTip()
            try await memory.recordPoll(
                servedBy: tip.servedBy, error: tip.failures.isEmpty ? nil : tip.failures.joined(separator: "; "),
                stackUp: stackUp())
            return tip
        } catch let error where !(error is CancellationError) {
            try await memory.recordPoll(servedBy: nil, error: "\(error)", stackUp: stackUp())
            throw error
        }
    }

    /// The tip, or the commit seen before where a fallback URL served an older one: a mirror that lags behind must not
    /// set the stack back.
    private func newest(of tip: RemoteTip, and seen: CommitRecord?) async throws -> RemoteTip {
        guard let seen, !tip.failures.isEmpty, tip.commit != seen.commit.id,
            try await source.isAncestor(tip.commit, of: seen.commit.id)
        else { return tip }
        let note =
            "'\(tip.servedBy)' lags behind: it has '\(tip.commit.short)', '\(seen.commit.id.short)' was seen before"
        logger.warning("a fallback is not followed", metadata: ["reason": "\(note)"])
        return RemoteTip(commit: seen.commit.id, servedBy: seen.servedBy, failures: tip.failures + [note])
    }

    /// Before the tip is judged: who may sign it may have changed. Whether it did.
    private func tendSigners(at tip: CommitID) async throws -> Bool {
        try await RotationDuty(gate: gate, incidents: incidents, journal: memory, logger: logger).tend(tip)
    }

    /// Whether nothing is left to do for a commit that was seen before.
    private func isSettled(_ seen: CommitRecord, _ state: HostState) async throws -> Bool {
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

    /// What keeps a tip from being brought here is shown as the repo's state, until it is here.
    private func bring(_ tip: RemoteTip) async throws {
        do {
            try await Vigil(interval: options.interval, logger: logger, look: meanwhile)
                .during { try await source.fetch(tip) }
        } catch let error where !(error is CancellationError) {
            try await memory.recordPoll(servedBy: tip.servedBy, error: "\(error)", stackUp: stackUp())
            throw error
        }
    }

    /// Records the fetched tip, and whether it is believed.
    private func judged(_ tip: RemoteTip, after seen: CommitRecord?) async throws -> BranchTip {
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
        guard !options.requireFastForward else {
            throw RewrittenBranch(from: old, to: tip.commit)
        }
        return "the branch was rewritten: '\(old.short)' is not in the history of '\(tip.commit.short)'; it is followed"
    }
}
