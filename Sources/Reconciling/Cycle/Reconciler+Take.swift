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

    /// Records what the fetched tip brought; returns what an operator should know of it.
    func take(_ tip: RemoteTip, after seen: CommitRecord?) async throws -> [String] {
        var notes = tip.failures.map { "\($0); '\(tip.servedBy)' served instead" }
        guard seen?.commit.id != tip.commit else { return notes }
        if let note = try await rewriteNote(tip, after: seen) { notes.append(note) }
        let limit = seen == nil ? 1 : Attribution.bound
        let new = try await source.history(of: tip.commit, since: seen?.commit.id, limit: limit)
        let time = now()
        let records = new.map { commit in
            CommitRecord(
                commit: commit, seen: time, servedBy: tip.servedBy,
                verdict: commit.id == tip.commit ? .pending : .superseded)
        }
        // A branch that was set back brings no new commit, but its tip is to be decided on again.
        let known = records.contains { $0.commit.id == tip.commit }
        let tipRecord = CommitRecord(commit: try await source.commit(tip.commit), seen: time, servedBy: tip.servedBy)
        try await journal.recordSeen(known ? records : [tipRecord] + records)
        return notes
    }

    /// A sentence when the branch no longer contains the commit that it pointed to; an error where that is refused.
    private func rewriteNote(_ tip: RemoteTip, after seen: CommitRecord?) async throws -> String? {
        guard let old = seen?.commit.id, try await !source.isAncestor(old, of: tip.commit) else { return nil }
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
