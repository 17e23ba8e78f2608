internal import Logging
internal import Planning

extension Reconciler {
    /// The tip, or the commit seen before where a fallback URL served an older one: a mirror that lags behind must not
    /// set the stack back.
    func newest(of tip: RemoteTip, and seen: CommitRecord?) async throws -> RemoteTip {
        guard let seen, !tip.failures.isEmpty, tip.commit != seen.commit.id,
            try await source.isAncestor(tip.commit, of: seen.commit.id)
        else { return tip }
        let note =
            "'\(tip.servedBy)' lags behind: it has '\(tip.commit.short)', '\(seen.commit.id.short)' was seen before"
        logger.warning("a fallback is not followed", metadata: ["reason": "\(note)"])
        return RemoteTip(commit: seen.commit.id, servedBy: seen.servedBy, failures: tip.failures + [note])
    }

    /// Records the fetched tip, and whether it is believed.
    func pass(_ tip: RemoteTip, after seen: CommitRecord?) async throws -> Tip {
        switch try await gate.decision(on: tip.commit, deployed: try await journal.deployedState()?.commit) {
        case nil: return .changed(tip.commit, notes: try await take(tip, after: seen))
        case .accepted(let accepted)?:
            let notes = try await take(tip, after: seen, warrant: accepted.warrant)
            try await gate.remember(accepted)
            return .changed(tip.commit, notes: notes)
        case .refused(let why)?: return .untrusted(why, notes: try await take(tip, after: seen))
        }
    }

    /// With why it is believed.
    func commit(_ id: CommitID) async throws -> Commit {
        var commit = try await source.commit(id)
        commit.warrant = try await gate.warrant(of: id)
        return commit
    }

    /// Records what the fetched tip brought; returns what an operator should know of it.
    func take(
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
        try await journal.recordSeen(known ? records : [tipRecord] + records)
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

/// The branch was rewritten, and the VSN's configuration refuses that.
struct RewrittenBranch: Actionable {
    let from: CommitID
    let to: CommitID

    var message: String {
        "the branch was rewritten: '\(from.short)', which was seen before, is not in the history of '\(to.short)'"
    }
    var hint: String { "push a branch that contains '\(from.short)', or set repository.requireFastForward to false" }
    var disposition: Disposition { .transient }
}
