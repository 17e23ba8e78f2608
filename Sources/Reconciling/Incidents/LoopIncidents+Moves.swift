internal import Incidents
internal import Model

/// A stack that moves to another host.
extension LoopIncidents {
    /// Opened once for each new host; what fails on the way is told once more, by its delivery.
    func stackMovesOut(_ move: OutgoingMoveRecord) async throws {
        let host = move.successor.host
        var details = IncidentDetails(
            headline: "moved to \(host): this host is containerless", reason: move.suspension.reason,
            action: move.isDone
                ? "no container runs here, the data stays"
                : "no container runs here, the data stays; what is left to do is tried until it succeeds",
            advice: "see that host '\(host)' has taken over, then give this one up; reverting the commit before that "
                + "lets the stack run here again",
            host: self.host)
        if let deployed = move.deployed { details.set(deployed.desired.plan, move.successor.commit) }
        try await reporter.open(.move, cause: host, since: move.since, details)
    }

    func stackComesBack(_ move: OutgoingMoveRecord) async throws {
        let details = IncidentDetails(
            headline: "the stack stays on this host", reason: "host '\(move.successor.host)' does not take it over",
            action: "the tip is deployed on the data that this host kept", host: host)
        try await reporter.close(.move, details)
    }
}
