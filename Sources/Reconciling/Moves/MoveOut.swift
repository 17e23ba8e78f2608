internal import Deploying
internal import Model

/// Moves the stack out where the branch says so.
struct MoveOut: Sendable {
    let memory: any ReconcilerJournal & FailureMemory
    let source: any CommitSource
    let reader: CandidateReader
    let outgoing: OutgoingMove
    let refusal: CommitRefusal

    /// `nil` when the commit leaves the stack with this host.
    func moveOut(at id: CommitID, _ state: HostState, notes: [String]) async throws -> CycleReport? {
        let commit = try await source.commit(id)
        do {
            guard let host = try await reader.successor(at: id) else { return nil }
            if let failure = try await outgoing.failedTry(of: id, state) {
                return CycleReport(outcome: .remembered(commit, failure), notes: notes)
            }
            // Nobody could start the stack from a plan that does not resolve.
            let plan = try await reader.plan(of: host, at: id)
            let move = try await outgoing.begin(Successor(host: host, commit: id), as: plan, state)
            let suspension = try await outgoing.advance(move, as: plan).suspension
            try await memory.forgetFailures(of: nil)
            try await memory.setVerdict(.moved, note: suspension.reason, deployment: nil, of: id)
            return CycleReport(outcome: .suspended(suspension), notes: notes)
        } catch let wait as NotNow {
            return CycleReport(outcome: .waiting(commit, wait.reason), notes: notes)
        } catch let error where !(error is HeldBack || error.isInterruption) {
            // What the move has not ended yet.
            let deployed = try await memory.deployedState()
            return try await refusal.refuse(commit, error, notes: notes, deployed: deployed)
        }
    }
}
