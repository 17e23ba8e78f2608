internal import HostSystem
internal import Journal
internal import Planning

/// Incidents that are open, records of some that cannot be read, and mails that did not get away.
struct IncidentChecks {
    let host: HostComposition

    func checks() async -> [HostCheck] { [await incidents()] + damage + [mail] }

    private func incidents() async -> HostCheck {
        do {
            let journal = try Journal.openReadOnly(at: host.configuration.journalFile)
            let open = try await IncidentRecord.onHost(journal, host.incidentSpool, limit: nil)
            guard !open.isEmpty else { return .ok("incidents", "none is open") }
            let subjects = open.map { "\($0.subject) (\($0.kind.rawValue))" }.joined(separator: ", ")
            return .warn("incidents", "\(open.count) open: \(subjects)", "'fairlead incidents --open' tells more")
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

    private var mail: HostCheck {
        do {
            let content = try MailQueue(stateDirectory: host.configuration.stateDirectory).content()
            let reason = content.lastAttempt.map { $0.error.isEmpty ? "" : ": \($0.error)" } ?? ""
            if !content.refused.isEmpty {
                return .warn(
                    "mail", "\(content.refused.count.counted("mail")) refused\(reason)", "correct the plan's 'mail'")
            }
            if let oldest = content.waiting.first {
                return .warn(
                    "mail",
                    "\(content.waiting.count.counted("mail")) not sent since \(CivilTime(oldest.since).utc)\(reason)",
                    "check the mail server of the plan's 'mail'; it is tried again by itself")
            }
            return .ok("mail", content.isConfigured ? "nothing waits" : "no deployed plan has mail settings")
        } catch {
            return .fail("mail", error)
        }
    }
}
