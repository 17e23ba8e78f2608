import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Journal

@Suite("Incidents in the journal")
struct JournalIncidentTests {
    private let details = IncidentDetails(
        headline: "deployment of 1.1.0 failed", reason: "it broke", action: "rolled back", advice: "mend it",
        host: "vsn1", stack: "acme", version: "1.1.0", commit: CommitID(String(repeating: "a", count: 40)),
        deployment: 7, log: "line 1\nline 2")

    private func open(
        _ journal: Journal, cause: String = "a", kind: IncidentRecord.Kind = .deployment, notifies: Bool = true
    ) async throws -> Bool {
        try await journal.openIncident(kind, subject: "stack", cause: cause, details, notifies: notifies)
    }

    @Test("S4: an incident has a record of its opening and of its closing, with all that is known, after a restart too")
    func story() async throws {
        let fixture = try JournalFixture()
        let opened = fixture.clock.now
        do {
            let journal = try fixture.open()
            #expect(try await open(journal))
            fixture.clock.advance(milliseconds: 5000)
        }
        let journal = try fixture.open()
        let incident = try #require(try await journal.openIncidents().first)
        #expect(incident.kind == .deployment && incident.subject == "stack")
        #expect(incident.since == opened && incident.isOpen)
        #expect(incident.events.map(\.details) == [details])
        #expect(try await journal.causeOfOpenIncident(.deployment, subject: "stack") == "a")
        var closing = details
        closing.action = "deployed"
        #expect(try await journal.closeIncident(.deployment, subject: "stack", closing))
        #expect(try await !journal.closeIncident(.deployment, subject: "stack", closing))
        #expect(try await journal.openIncidents().isEmpty)
        #expect(try await journal.causeOfOpenIncident(.deployment, subject: "stack") == nil)
        let closed = try #require(try await journal.incidents(limit: 9).first)
        #expect(closed.id == incident.id && closed.closed == fixture.clock.now && closed.since == opened)
        #expect(closed.events.map(\.event) == [.opened, .closed])
        #expect(closed.events.last?.details == closing)
    }

    @Test("the same cause opens nothing twice, another one supersedes what is open, another subject stands beside it")
    func causes() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        #expect(try await open(journal))
        #expect(try await !open(journal))
        // In the same millisecond.
        #expect(try await open(journal, cause: "b"))
        #expect(try await open(journal, kind: .drift))
        #expect(try await journal.openIncidents().map(\.kind).count == 2)
        #expect(try await journal.subjectsOfOpenIncidents(.drift) == ["stack"])
        #expect(try await journal.subjectsOfOpenIncidents(.repository) == [])
        let all = try await journal.incidents(limit: 9)
        #expect(all.count == 3)
        let superseded = try #require(all.first { !$0.isOpen })
        #expect(superseded.events.last?.details.action == "superseded by the next incident")
        #expect(superseded.events.last?.mail == nil)
    }

    @Test(
        "S4: a mail is due from the opening until it is marked, and after a recovery only where the opening was mailed")
    func mails() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        try await journal.recordSeen([
            CommitRecord(
                commit: Commit(
                    id: try #require(details.commit), author: "Ada", email: "ada@acme.example", time: 1, subject: "Go",
                    parents: []), seen: fixture.clock.now, servedBy: "x")
        ])
        _ = try await open(journal)
        let due = try #require(try await fixture.open().dueNotifications().first)
        #expect(due.commit?.author == "Ada" && due.event.details == details)
        try await journal.setNotification(.queued, ofEvent: due.id)
        #expect(try await journal.dueNotifications().isEmpty)
        try await journal.closeIncident(.deployment, subject: "stack", details)
        let recovery = try #require(try await journal.dueNotifications().first)
        #expect(recovery.event.event == .closed)
        try await journal.setNotification(.queued, ofEvent: recovery.id)

        _ = try await open(journal)
        try await journal.setNotification(.nobody, ofEvent: try #require(try await journal.dueNotifications().first).id)
        try await journal.closeIncident(.deployment, subject: "stack", details)
        #expect(try await journal.dueNotifications().isEmpty, "nobody heard of the failure")
        _ = try await open(journal, notifies: false)
        try await journal.closeIncident(.deployment, subject: "stack", details)
        #expect(try await journal.dueNotifications().isEmpty)
    }

    @Test("openings with a mail are counted by their cause, within a period; a closing may be left unmailed")
    func openings() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        func count() async throws -> Int {
            try await journal.notifiedOpenings(.deployment, subject: "stack", cause: "a", within: .seconds(60))
        }
        for (cause, notifies, expected) in [("a", true, 1), ("a", false, 1), ("b", true, 1), ("a", true, 2)] {
            _ = try await open(journal, cause: cause, notifies: notifies)
            #expect(try await count() == expected, "\(cause)")
            try await journal.closeIncident(.deployment, subject: "stack", details, notifies: false)
        }
        #expect(try await journal.dueNotifications().allSatisfy { $0.event.event == .opened })
        #expect(try await journal.dueNotifications().count == 3)
        try await journal.setNotification(.nobody, ofEvent: try #require(try await journal.dueNotifications().first).id)
        #expect(try await count() == 1)
        fixture.clock.advance(milliseconds: 60_000)
        #expect(try await count() == 0)
    }

    @Test("S4: what was opened without a mail, and is still open when the period is over, is mailed once")
    func lasting() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        func mail() async throws -> Bool { try await journal.notifyOfOpenIncidents(.drift, olderThan: .seconds(60)) }
        _ = try await open(journal, kind: .drift, notifies: false)
        try await journal.closeIncident(.drift, subject: "stack", details)
        _ = try await open(journal, kind: .drift, notifies: false)
        _ = try await open(journal, kind: .repository, notifies: false)
        try await journal.importIncidents([spooled("1", .opened)])
        fixture.clock.advance(milliseconds: 59_999)
        #expect(try await !mail())
        fixture.clock.advance(milliseconds: 1)
        #expect(try await mail())
        let due = try await journal.dueNotifications()
        #expect(due.map(\.event.kind) == [.drift])
        #expect(try await journal.openIncidents().map(\.id).contains(try #require(due.first).event.incident))
        #expect(try await !mail())
        try await journal.setNotification(.nobody, ofEvent: try #require(due.first).id)
        #expect(try await !mail())
    }

    @Test("what is due of a spooled file is marked as told by the health check, and what Fairlead found is not")
    func toldByCheck() async throws {
        let journal = try JournalFixture().open()
        _ = try await open(journal)
        var told = spooled("1", .opened)
        told.event.mail = .due
        try await journal.importIncidents([told, spooled("2", .restarted)])
        let due = try await journal.dueNotifications()
        #expect(due.map(\.isToldByCheck) == [false, true])
    }

    @Test("S4: a spooled file is imported once, however often it is read")
    func imports() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let spooled = [spooled("1", .opened), spooled("2", .restarted), spooled("3", .closed)]
        #expect(try await journal.notImported(spooled) == spooled)
        try await journal.importIncidents(Array(spooled.prefix(2)))
        #expect(try await journal.notImported(spooled) == [spooled[2]])
        #expect(try await journal.openIncidents().first?.events == spooled.prefix(2).map(\.event))
        try await journal.importIncidents(spooled)
        try await fixture.open().importIncidents(spooled)
        let incident = try #require(try await journal.incidents(limit: 9).first)
        #expect(incident.events == spooled.map(\.event))
        #expect(!incident.isOpen && incident.id == "web-1")
        #expect(try await journal.dueNotifications().isEmpty, "the script mails its own")
    }

    @Test("an incident whose end has the earlier file, because the clock was set back, is closed all the same")
    func endFirst() async throws {
        let journal = try JournalFixture().open()
        try await journal.importIncidents([
            spooled("1", .closed), spooled("2", .opened, "web-2"), spooled("3", .opened), spooled("4", .restarted),
        ])
        #expect(try await journal.openIncidents().map(\.id) == ["web-2"])
        let first = try #require(try await journal.incidents(limit: 9).first { $0.id == "web-1" })
        #expect(Set(first.events.map(\.event)) == [.opened, .restarted, .closed] && first.events.count == 3)
        #expect(try await journal.dueNotifications().isEmpty)
    }

    @Test("an incident that the health check forgot is closed by the next one of its container")
    func forgotten() async throws {
        let journal = try JournalFixture().open()
        let next = spooled("2", .opened, "web-2")
        try await journal.importIncidents([spooled("1", .opened), next])
        try await journal.importIncidents([next])
        #expect(try await journal.openIncidents().map(\.id) == ["web-2"])
        let first = try #require(try await journal.incidents(limit: 9).first { $0.id == "web-1" })
        #expect(first.events.map(\.event) == [.opened, .closed])
    }

    @Test("S4: the end of an unknown incident ends what the health check has open of that container, with one mail")
    func unknownEnd() async throws {
        let journal = try JournalFixture().open()
        _ = try await journal.openIncident(.drift, subject: "web", cause: "a", details, notifies: false)
        try await journal.importIncidents([
            spooled("1", .opened), spooled("2", .opened, "api-1", subject: "api"), spooled("3", .closed, "lost"),
        ])
        #expect(
            try await Set(journal.openIncidents().map(\.subject)) == ["web", "api"], "drift, and another container")
        #expect(try await journal.openIncidents().first { $0.subject == "web" }?.kind == .drift)
        let closed = try #require(try await journal.incidents(limit: 9).first { $0.id == "web-1" })
        #expect(closed.events.map(\.event) == [.opened, .closed])
        #expect(closed.events.last?.details == spooled("3", .closed, "lost").event.details)
        #expect(try await journal.dueNotifications().map(\.event.incident) == ["web-1"])
        // Where nothing is open, and once more after a crash: nothing comes of it.
        try await journal.importIncidents([spooled("3", .closed, "lost"), spooled("4", .closed, "lost-too")])
        #expect(try await journal.incidents(limit: 9).count == 3)
        #expect(try await journal.dueNotifications().count == 1)
        #expect(IncidentRecord.merge([], [spooled("5", .closed, "lost").event]).isEmpty)
    }

    @Test("closed incidents go with their age, open ones never")
    func retention() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        for number in 1...3 {
            _ = try await open(journal, cause: "\(number)")
            try await journal.closeIncident(.deployment, subject: "stack", details)
        }
        try await journal.importIncidents([spooled("1", .opened)])
        let strict = Retention(deployments: 0, commits: 0, incidents: 2, days: 10)
        try await journal.prune(strict)
        #expect(try await journal.incidents(limit: 99).count == 4)
        fixture.clock.advance(days: 11)
        try await journal.prune(strict)
        #expect(try await journal.incidents(limit: 99).map(\.isOpen) == [false, true])
    }

    @Test("a journal of the first version gets the incidents and the drift, and keeps what it has")
    func migration() async throws {
        let fixture = try JournalFixture()
        try FileManager.default.createDirectory(
            atPath: fixture.scratch.path + "/state", withIntermediateDirectories: true)
        do {
            let old = try DatabaseQueue(path: fixture.path)
            try JournalSchema.migrator.migrate(old, upTo: "1")
            try await old.write { try $0.execute(sql: "INSERT INTO savedValue VALUES ('boot', '\"first\"')") }
        }
        #expect(throws: JournalError.self) { try Journal.openReadOnly(at: fixture.path) }
        let journal = try fixture.open()
        #expect(try await open(journal))
        #expect(try await journal.openDrift().isEmpty)
        #expect(try await journal.lastBootID() == "first")
    }

    private func spooled(
        _ file: String, _ event: IncidentEvent.Event, _ incident: String = "web-1",
        subject: String = "web"
    ) -> SpooledIncident {
        let time = Timestamp(milliseconds: 1_000_000 + Int64(file.count))
        return SpooledIncident(
            file: file,
            event: IncidentEvent(
                incident: incident, event: event, kind: .liveness, subject: subject, time: time, since: time,
                details: details))
    }
}
