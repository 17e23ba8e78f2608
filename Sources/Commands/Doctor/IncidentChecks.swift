internal import Jobs
internal import Journal
internal import Model

/// Incidents that are open, and records of some that cannot be understood.
struct IncidentChecks {
    let host: HostComposition

    func checks() async -> [HostCheck] { [await incidents()] + damage }

    private func incidents() async -> HostCheck {
        do {
            let journal = try Journal.openReadOnly(at: host.configuration.journalFile)
            let open = try await IncidentRecord.onHost(journal, host.incidentSpool, limit: nil)
            guard !open.isEmpty else { return .ok("incidents", "none is open") }
            let subjects = open.map { "\($0.subject) (\($0.kind.rawValue))" }.joined(separator: ", ")
            return .fail("incidents", "\(open.count) open: \(subjects)", "'fairlead incidents --open' tells more")
        } catch let error as JournalError where error.kind == .missing {
            return .ok("incidents", "none")
        } catch {
            return .fail("incidents", error)
        }
    }

    private var damage: [HostCheck] {
        guard let damage = try? host.incidentSpool.damage(), damage.count > 0 else { return [] }
        return [
            .warn(
                "incidents", "\(damage.count.counted("file")) of the health check could not be understood",
                "look at '\(damage.place)' and remove what is there")
        ]
    }
}
