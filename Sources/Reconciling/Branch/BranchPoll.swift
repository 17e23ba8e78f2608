internal import Logging
internal import Model

/// Asks where the branch stands, and fetches its tip. What keeps the tip from being here is recorded as the state of the repo.
struct BranchPoll: Sendable {
    let source: any CommitSource & Ancestry
    let memory: any HostMemory
    /// When all of the stack was last seen up, which is recorded with each poll.
    let stackUp: @Sendable () -> Timestamp?
    /// Looks after the stack while the tip is fetched: that may take hours.
    let vigil: Vigil
    let logger: Logger

    /// The tip, or the commit seen before where a fallback URL served an older one: a mirror that lags behind must not
    /// set the stack back.
    func tip(after seen: CommitRecord?) async throws -> RemoteTip {
        let tip = try await poll()
        guard let seen, !tip.failures.isEmpty, tip.commit != seen.commit.id,
            try await source.isAncestor(tip.commit, of: seen.commit.id)
        else { return tip }
        let note =
            "'\(tip.servedBy)' lags behind: it has '\(tip.commit.short)', '\(seen.commit.id.short)' was seen before"
        logger.warning("a fallback is not followed", metadata: ["reason": "\(note)"])
        return RemoteTip(commit: seen.commit.id, servedBy: seen.servedBy, failures: tip.failures + [note])
    }

    func fetch(_ tip: RemoteTip) async throws {
        do {
            try await vigil.during { try await source.fetch(tip) }
        } catch let error where !(error is CancellationError) {
            try await memory.recordPoll(servedBy: tip.servedBy, error: "\(error)", stackUp: stackUp())
            throw error
        }
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
}
