internal import Deploying
internal import Logging
internal import Planning

/// A host that gave its stack away follows the branch, so that the stack can be given back.
extension Reconciler {
    /// `nil` when the commit leaves the stack with this host.
    func giveAway(at id: CommitID, notes: [String]) async throws -> CycleReport? {
        let commit = try await source.commit(id)
        do {
            guard let host = try await reader.successor(at: id) else { return nil }
            if let failure = try await outgoingMove.failedTry(of: id) {
                return CycleReport(outcome: .remembered(commit, failure), notes: notes)
            }
            // Nobody could start the stack from a plan that does not resolve.
            let plan = try await reader.plan(of: host, at: id)
            let handOver = try await outgoingMove.begun(Successor(host: host, commit: id), as: plan)
            let suspension = try await outgoingMove.carryOn(handOver, as: plan).suspension
            try await journal.forgetFailures(of: nil)
            try await journal.setVerdict(.handedOver, note: suspension.reason, deployment: nil, of: id)
            return CycleReport(outcome: .suspended(suspension), notes: notes)
        } catch let wait as NotNow {
            return CycleReport(outcome: .waiting(commit, wait.reason), notes: notes)
        } catch let error where !(error is HeldBack || Disposition.of(error) == .interrupted) {
            let deployed = try await journal.deployedState()
            return try await refuse(commit, error, notes: notes, deployed: deployed)
        }
    }

    func followAfterMove() async throws -> CycleReport {
        guard let handOver = try await handOvers.current() else {
            try await handOvers.record(nil)
            return try await openCycle(.full)
        }
        do {
            return try await followAfterMove(handOver)
        } catch is NotNow {
            return CycleReport(outcome: .suspended(handOver.suspension))
        } catch let error where Disposition.of(error) != .interrupted {
            // The last backup does not wait for the git server.
            if let left = try await handOvers.current() { _ = try await outgoingMove.carryOn(left, as: nil) }
            throw error
        }
    }

    private func followAfterMove(_ handOver: HandOver) async throws -> CycleReport {
        let id: CommitID
        let notes: [String]
        switch try await branch.tip(.poll) {
        case .changed(let tip, let found): (id, notes) = (tip, found)
        case .unchanged:
            return CycleReport(outcome: .suspended(try await outgoingMove.carryOn(handOver, as: nil).suspension))
        case .untrusted(let why, let notes):
            _ = try await outgoingMove.carryOn(handOver, as: nil)
            return try await refuse(why, notes: notes)
        }
        let commit = try await source.commit(id)
        do {
            guard let successor = try await reader.successor(at: id) else {
                guard try await isGivenBack(handOver, at: id) else { return try await stay(handOver, at: id, notes) }
                try await checkReturn(handOver, at: id)
                return try await takeUp(handOver, notes: notes)
            }
            guard successor == handOver.successor.host else {
                // What was copied for another host is as good: nothing was written since.
                return try await giveAway(at: id, notes: notes)
                    ?? CycleReport(outcome: .suspended(handOver.suspension), notes: notes)
            }
            return try await stay(handOver, at: id, notes)
        } catch let error where !(error is NotNow || Disposition.of(error) == .interrupted) {
            return try await refuse(commit, error, notes: notes, deployed: nil)
        }
    }

    private func stay(_ handOver: HandOver, at id: CommitID, _ notes: [String]) async throws -> CycleReport {
        let suspension = try await outgoingMove.carryOn(handOver, as: nil).suspension
        try await journal.setVerdict(.handedOver, note: suspension.reason, deployment: nil, of: id)
        return CycleReport(outcome: .suspended(suspension), notes: notes)
    }

    /// Not while the new host is in the repo: that its 'replaces' is gone only means that the move is long over.
    private func isGivenBack(_ handOver: HandOver, at id: CommitID) async throws -> Bool {
        let successor = handOver.successor.host
        if try await reader.replaced(by: options.host, at: id) == successor { return true }
        let hosts = try await reader.hosts(at: id)
        return hosts.contains(options.host) && !hosts.contains(successor)
    }

    /// Deploys on the data that this host kept.
    private func takeUp(_ handOver: HandOver, notes: [String]) async throws -> CycleReport {
        try await handOvers.record(nil)
        try await incidents.stackGivenBack(handOver)
        var report = try await cycle(.full)
        report.notes = notes + report.notes
        return report
    }

    /// The data of this host must be the newest there is.
    private func checkReturn(_ handOver: HandOver, at id: CommitID) async throws {
        guard let deployed = handOver.deployed else { return }
        let successor = handOver.successor.host
        if try await reader.replaced(by: options.host, at: id) == successor {
            let data = try await handOvers.data(of: deployed.desired.plan)
            guard data.isEmpty else { throw OldDataInTheWay(directories: data, successor: successor) }
        } else if let run = try? await handOvers.takeOver(by: successor, of: deployed, signers: handOver.signers) {
            throw TakenOver(successor: successor, run: run, host: options.host)
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

/// The commit that gave the stack away was taken back too late.
struct TakenOver: Actionable {
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

extension [String] {
    fileprivate var quoted: String { map { "'\($0)'" }.joined(separator: ", ") }
}
