internal import Model

/// Whether a stack that moved out comes back, and may.
struct MoveReturn: Sendable {
    let reader: CandidateReader
    let control: any OutgoingMoveControl
    /// The entry of the customer repo that this host follows.
    let host: String

    /// Not while the new host is in the repo: that its 'replaces' is gone only means that the move is long over.
    func comesBack(_ move: OutgoingMoveRecord, at id: CommitID) async throws -> Bool {
        let successor = move.successor.host
        if try await reader.replaced(by: host, at: id) == successor { return true }
        let hosts = try await reader.hosts(at: id)
        return hosts.contains(host) && !hosts.contains(successor)
    }

    /// The data of this host must be the newest there is.
    func check(_ move: OutgoingMoveRecord, at id: CommitID) async throws {
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
