import Incidents
import Model
import Synchronization

/// The record of incidents in memory, as the journal keeps it.
final class RecordedIncidents: IncidentMemory, NotificationMemory {
    private struct Entry {
        let event: IncidentEvent
        let cause: String?
        var mail: IncidentEvent.Notification?
    }

    private let entries = Mutex<[Entry]>([])
    private let questions = Mutex(0)

    /// How often somebody asked what is due.
    var asked: Int { questions.withLock { $0 } }

    /// What was recorded, the oldest first, such as `stack: opened 'a'`.
    var events: [String] {
        entries.withLock { entries in
            entries.map { "\($0.event.subject): \($0.event.event.rawValue) '\($0.event.details.reason)'" }
        }
    }

    func causeOfOpenIncident(_ kind: IncidentRecord.Kind, subject: String) -> String? {
        entries.withLock { Self.open(kind, subject, in: $0)?.cause }
    }

    func subjectsOfOpenIncidents(_ kind: IncidentRecord.Kind) -> Set<String> {
        entries.withLock { entries in
            Set(entries.map(\.event.subject).filter { Self.open(kind, $0, in: entries) != nil })
        }
    }

    func openIncident(
        _ kind: IncidentRecord.Kind, subject: String, cause: String, since: Timestamp?, _ details: IncidentDetails,
        notifies: Bool
    ) -> Bool {
        entries.withLock { entries in
            if let open = Self.open(kind, subject, in: entries) {
                guard open.cause != cause else { return false }
                entries.append(Self.entry(kind, subject, .closed, details))
            }
            entries.append(Self.entry(kind, subject, .opened, details, cause: cause, mail: notifies ? .due : nil))
            return true
        }
    }

    func closeIncident(
        _ kind: IncidentRecord.Kind, subject: String, _ details: IncidentDetails, notifies: Bool
    ) -> Bool {
        entries.withLock { entries in
            guard let open = Self.open(kind, subject, in: entries) else { return false }
            let isTold = open.mail == .due || open.mail == .queued
            entries.append(Self.entry(kind, subject, .closed, details, mail: notifies && isTold ? .due : nil))
            return true
        }
    }

    func notifiedOpenings(
        _ kind: IncidentRecord.Kind, subject: String, cause: String, within period: PlanDuration
    ) -> Int {
        entries.withLock { entries in
            entries.count {
                $0.event.kind == kind && $0.event.subject == subject && $0.cause == cause && $0.mail != nil
            }
        }
    }

    func notifyOfOpenIncidents(_ kind: IncidentRecord.Kind, olderThan period: PlanDuration) -> Bool {
        entries.withLock { entries in
            let muted = entries.indices.filter { index in
                let event = entries[index].event
                let last = entries.lastIndex { $0.event.kind == kind && $0.event.subject == event.subject }
                return event.kind == kind && event.event == .opened && entries[index].mail == nil && last == index
            }
            for index in muted { entries[index].mail = .due }
            return !muted.isEmpty
        }
    }

    func importIncidents(_ spooled: [SpooledIncident]) {
        entries.withLock { $0 += spooled.map { Entry(event: $0.event, cause: nil, mail: $0.event.mail) } }
    }

    func dueNotifications() -> [DueNotification] {
        questions.withLock { $0 += 1 }
        return entries.withLock { entries in
            entries.enumerated().filter { $1.mail == .due }.map {
                DueNotification(id: Int64($0), event: $1.event, commit: nil)
            }
        }
    }

    func setNotification(_ mail: IncidentEvent.Notification, ofEvent id: Int64) {
        entries.withLock { $0[Int(id)].mail = mail }
    }

    private static func open(_ kind: IncidentRecord.Kind, _ subject: String, in entries: [Entry]) -> Entry? {
        let last = entries.last { $0.event.kind == kind && $0.event.subject == subject }
        return last.flatMap { $0.event.event == .closed ? nil : $0 }
    }

    private static func entry(
        _ kind: IncidentRecord.Kind, _ subject: String, _ event: IncidentEvent.Event, _ details: IncidentDetails,
        cause: String? = nil, mail: IncidentEvent.Notification? = nil
    ) -> Entry {
        let time = Timestamp(milliseconds: 1_800_000_000_000)
        return Entry(
            event: IncidentEvent(
                incident: subject, event: event, kind: kind, subject: subject, time: time, since: time,
                details: details), cause: cause, mail: mail)
    }
}
