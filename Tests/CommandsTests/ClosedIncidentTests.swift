import Journal
import Model
import Testing

@testable import Commands

@Suite("A closed incident")
struct ClosedIncidentTests {
    @Test("shows the version that failed, not the one that ended it")
    func version() async throws {
        let host = try CommandFixture()
        let journal = try host.journal()
        func details(_ version: String?) -> IncidentDetails {
            IncidentDetails(reason: "r", action: "a", host: "vsn1", stack: "acme", version: version)
        }
        for (subject, opened) in [("stack", "1.1.0"), ("boot", nil)] as [(String, String?)] {
            try await journal.openIncident(.deployment, subject: subject, cause: "c", details(opened), notifies: false)
            host.clock.advance(milliseconds: 60_000)
            _ = try await journal.closeIncident(.deployment, subject: subject, details("1.0.0"), notifies: false)
        }
        let text = await host.run("incidents").output
        #expect(text.contains("stack  after 1 min  1.1.0\n"), "\(text)")
        #expect(text.contains("boot   after 1 min  1.0.0\n"), "\(text)")
    }
}
