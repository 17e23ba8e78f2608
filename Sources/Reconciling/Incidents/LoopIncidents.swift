internal import Incidents

/// What the loop reports of this host, in words for people.
struct LoopIncidents: Sendable {
    let reporter: IncidentReporter
    let files: any IncidentFiles
    /// For what is known of no plan.
    let host: String

    /// Records what the health check left, and tells people what waits.
    func catchUp() async { await reporter.catchUp(with: files) }
}
