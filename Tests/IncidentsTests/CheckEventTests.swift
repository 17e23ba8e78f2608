import Incidents
import Logging
import Model
import Synchronization
import TestSupport
import Testing

@Suite("Events of the health check")
struct CheckEventTests {
    private let event: IncidentEvent = {
        let time = Timestamp(milliseconds: 1_800_000_000_000)
        return IncidentEvent(
            incident: "1", event: .opened, kind: .liveness, subject: "web", time: time, since: time,
            details: IncidentDetails(reason: "it hangs", action: "restarts it", host: "vsn1"))
    }()

    @Test(
        "they are recorded once, and told from here where a channel hears of them in no other way",
        arguments: [false, true])
    func events(hears: Bool) async throws {
        let scratch = try Scratch()
        let (memory, notifier) = (RecordedIncidents(), TestNotifier(hearsOfChecks: hears))
        let reporter = IncidentReporter(
            memory: memory, notifier: notifier, lock: "\(scratch.path)/state/notifications.lock",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Timestamp(milliseconds: 1_800_000_000_000) })
        let files = LeftFiles([SpooledIncident(file: "a", event: event)])
        await reporter.catchUp(with: files)
        await reporter.catchUp(with: files)
        #expect(memory.events == ["web: opened 'it hangs'"])
        #expect(notifier.told == (hears ? ["web: opened 'it hangs'"] : []))
        #expect(files.names.isEmpty)
    }
}

/// What the health check left, none of it damaged.
private final class LeftFiles: IncidentFiles {
    private let left: Mutex<[SpooledIncident]>

    init(_ incidents: [SpooledIncident]) { left = Mutex(incidents) }

    var names: [String] { left.withLock { $0.map(\.file) } }

    func content() -> SpoolContent { SpoolContent(incidents: left.withLock { $0 }) }
    func drop(_ file: String) { left.withLock { left in left.removeAll { $0.file == file } } }
    func setAside(_ file: String) { Issue.record("'\(file)' is not damaged") }
}
