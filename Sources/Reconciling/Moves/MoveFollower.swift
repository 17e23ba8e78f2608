internal import Deploying
internal import Logging
internal import Model

/// Moves the stack out where the branch says so, and follows the branch afterwards, so that it can come back.
struct MoveFollower: Sendable {
    /// What a host does whose stack moved out.
    enum Step: Sendable {
        case report(CycleReport)
        /// It has its stack again, which it deploys; with what an operator should know.
        case deploy([String])
    }

    let memory: any ReconcilerJournal & FailureMemory
    let source: any CommitSource
    let branch: BranchFollower
    let reader: CandidateReader
    let outgoing: OutgoingMove
    let refusal: CommitRefusal
    /// The entry of the customer repo that this host follows.
    let host: String

    private var control: any OutgoingMoveControl { outgoing.control }

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
                guard try await comesBack(move, at: id) else {
                    return .report(try await stay(move, at: id, notes))
                }
                try await checkReturn(move, at: id)
                return try await takeBack(move, notes: notes)
            }
            guard successor == move.successor.host else {
                // What was copied for another host is as good: nothing was written since.
                let report = try await moveOut(at: id, state, notes: notes)
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

    /// Not while the new host is in the repo: that its 'replaces' is gone only means that the move is long over.
    private func comesBack(_ move: OutgoingMoveRecord, at id: CommitID) async throws -> Bool {
        let successor = move.successor.host
        if try await reader.replaced(by: host, at: id) == successor { return true }
        let hosts = try await reader.hosts(at: id)
        return hosts.contains(host) && !hosts.contains(successor)
    }

    /// It deploys on the data that this host kept.
    private func takeBack(_ move: OutgoingMoveRecord, notes: [String]) async throws -> Step {
        try await control.record(nil)
        try await refusal.incidents.stackComesBack(move)
        return .deploy(notes)
    }

    /// The data of this host must be the newest there is.
    private func checkReturn(_ move: OutgoingMoveRecord, at id: CommitID) async throws {
        guard let deployed = move.deployed else { return }
        let successor = move.successor.host
        if try await reader.replaced(by: host, at: id) == successor {
            let data = try await control.data(of: deployed.desired.plan)
            guard data.isEmpty else { throw OldDataInTheWay(directories: data, successor: successor) }
        } else if let run = try? await control.newestRun(by: successor, inPlaceOf: deployed, signers: move.signers) {
            throw MovedAlready(successor: successor, run: run, host: host)
        }
    }
}

/// A stack comes back to a host that still has the data of before it left.
struct OldDataInTheWay: Actionable {
    let directories: [String]
    let successor: String

    var message: String {
        "the stack comes back from host '\(successor)', and \(directories.quoted) still "
            + "\(directories.count == 1 ? "holds" : "hold") the data of before it left"
    }
    var hint: String { "move it out of the way, such as with 'mv \(directories.first ?? "") /srv/before-the-move'" }
    var disposition: Disposition { .transient }
}

/// The commit that moved the stack away was taken back too late.
struct MovedAlready: Actionable {
    let successor: String
    let run: BackupRunID
    let host: String

    var message: String {
        "host '\(successor)' has taken over the stack and made run \(run); the data on this host is older"
    }
    var hint: String {
        "let hosts/\(host).json say \"replaces\": \"\(successor)\", and keep the entry of '\(successor)', to move it back"
    }
    var disposition: Disposition { .permanent }
}
