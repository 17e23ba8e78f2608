import Model
import Testing

@testable import Journal

/// The clock is a year ahead at first, and is set right then.
@Suite("A clock that was ahead keeps nothing waiting")
struct JournalClockTests {
    private let details = IncidentDetails(headline: "h", reason: "r", action: "a", host: "vsn1")

    @Test("how long no tip came counts from now, not from a year ahead")
    func staleness() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        _ = try await journal.recordFetch(succeeded: false)
        fixture.clock.advance(days: -365)
        let set = fixture.clock.now
        #expect(try await journal.recordFetch(succeeded: false) == set)
        fixture.clock.advance(milliseconds: 60_000)
        #expect(try await journal.recordFetch(succeeded: false) == set)
        #expect(try await journal.recordFetch(succeeded: true) == nil)
    }

    @Test("mails that were recorded ahead hold no later one back, and what was opened unmailed is mailed")
    func mails() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        func open(_ subject: String, notifies: Bool) async throws {
            _ = try await journal.openIncident(.drift, subject: subject, cause: "a", details, notifies: notifies)
        }
        try await open("web", notifies: true)
        try await open("database", notifies: false)
        #expect(try await !journal.notifyOfOpenIncidents(.drift, olderThan: .seconds(60)))
        fixture.clock.advance(days: -365)
        #expect(try await journal.notifiedOpenings(.drift, subject: "web", cause: "a", within: .seconds(60)) == 0)
        #expect(try await journal.notifyOfOpenIncidents(.drift, olderThan: .seconds(60)))
        #expect(try await !journal.notifyOfOpenIncidents(.drift, olderThan: .seconds(60)))
    }
}
