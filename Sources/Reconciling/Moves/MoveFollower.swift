internal import Deploying
internal import Model

/// Follows the branch on a host whose stack moved out, so that it can come back.
struct MoveFollower: Sendable {
    /// What such a host does.
    enum Step: Sendable {
        case report(CycleReport)
        /// It has its stack again, which it deploys; with what an operator should know.
        case deploy([String])
    }

    let memory: any ReconcilerJournal
    let branch: BranchFollower
    let departure: MoveOut
    let back: MoveReturn

    private var outgoing: OutgoingMove { departure.outgoing }
    private var refusal: CommitRefusal { departure.refusal }
    private var reader: CandidateReader { departure.reader }
    private var source: any CommitSource { departure.source }
    private var control: any OutgoingMoveControl { outgoing.control }

    /// The host is held back, since its stack moved out.
    func follow(_ state: HostState) async throws -> Step {
        guard let move = try await control.current() else {
            try await control.record(nil)
            return .deploy([])
        }
        do {
            return try await follow(move, state)
        } catch is NotNow {
            return .report(CycleReport(outcome: .suspended(move.suspension)))
        } catch let error where !error.isInterruption {
            // The last backup does not wait for the git server.
            if let left = try await control.current() { _ = try await outgoing.advance(left, as: nil) }
            throw error
        }
    }

    private func follow(_ move: OutgoingMoveRecord, _ state: HostState) async throws -> Step {
        switch try await branch.tip(.poll, state) {
        case .changed(let tip, let notes): return try await decide(on: tip, move, state, notes)
        case .unchanged:
            let suspension = try await outgoing.advance(move, as: nil).suspension
            return .report(CycleReport(outcome: .suspended(suspension)))
        case .untrusted(let why, let notes):
            _ = try await outgoing.advance(move, as: nil)
            let deployed = try await memory.deployedState()
            return .report(try await refusal.refuse(why, deployed: deployed, notes: notes))
        }
    }

    private func decide(
        on id: CommitID, _ move: OutgoingMoveRecord, _ state: HostState, _ notes: [String]
    ) async throws -> Step {
        let commit = try await source.commit(id)
        do {
            guard let successor = try await reader.successor(at: id) else {
                guard try await back.comesBack(move, at: id) else {
                    return .report(try await stay(move, at: id, notes))
                }
                try await back.check(move, at: id)
                return try await takeBack(move, notes: notes)
            }
            guard successor == move.successor.host else {
                // What was copied for another host is as good: nothing was written since.
                let report = try await departure.moveOut(at: id, state, notes: notes)
                return .report(report ?? CycleReport(outcome: .suspended(move.suspension), notes: notes))
            }
            return .report(try await stay(move, at: id, notes))
        } catch let error where !(error is NotNow || error.isInterruption) {
            return .report(try await refusal.refuse(commit, error, notes: notes, deployed: nil))
        }
    }

    private func stay(_ move: OutgoingMoveRecord, at id: CommitID, _ notes: [String]) async throws -> CycleReport {
        let suspension = try await outgoing.advance(move, as: nil).suspension
        try await memory.setVerdict(.moved, note: suspension.reason, deployment: nil, of: id)
        return CycleReport(outcome: .suspended(suspension), notes: notes)
    }

    /// It deploys on the data that this host kept.
    private func takeBack(_ move: OutgoingMoveRecord, notes: [String]) async throws -> Step {
        try await control.record(nil)
        try await refusal.incidents.stackComesBack(move)
        return .deploy(notes)
    }
}
