import Foundation
import Journal
import Model
import TestSupport
import Testing

@testable import Commands

@Suite("Incidents on the command line")
struct IncidentCommandTests {
    /// A failed deployment that is over, a stale repo that is not.
    private func story() async throws -> CommandFixture {
        let host = try CommandFixture()
        let journal = try host.journal()
        let commit = try host.commit("1.0.0", "Install")
        try await host.recordDeployment(of: commit, subject: "Install")
        let details = IncidentDetails(
            headline: "deployment of 1.1.0 failed", reason: "it broke", action: "rolled back", advice: "mend it",
            host: "vsn1", stack: "acme", version: "1.1.0", commit: commit, deployment: 1, log: "line 1\nline 2")
        try await journal.openIncident(.deployment, subject: "stack", cause: "a", details, notifies: true)
        host.clock.advance(milliseconds: 5_400_000)
        var closing = details
        closing.action = "deployed"
        try await journal.closeIncident(.deployment, subject: "stack", closing)
        for due in try await journal.dueNotifications() { try await journal.setNotification(.queued, ofEvent: due.id) }
        host.clock.advance(milliseconds: 60_000)
        try await journal.openIncident(.repository, subject: "repository", cause: "stale", details, notifies: false)
        return host
    }

    private func spool(_ event: String, _ micros: Int, on host: CommandFixture) throws {
        let time = host.clock.clock.now().milliseconds / 1000
        try host.scratch.write(
            """
            Incident: 4711
            Event: \(event)
            Subject: web
            Kind: liveness
            Time: \(time)
            Since: \(time)
            Stack: acme
            Host: vsn1
            Version: 1.0.0
            Reason: the process is gone
            Action: waits for the next check

            out of memory
            """, to: "state/jobs/incidents/18000000\(micros)-web-\(event)")
    }

    @Test("S4: incidents are listed newest first, with what was done and when, and what to do about open ones")
    func list() async throws {
        let host = try await story()
        let result = await host.run("incidents")
        #expect(result.status == .success)
        #expect(
            result.output == """
                open    2026-11-21 11:49  repository  repository                    1.1.0
                     it broke
                     2026-11-21 11:49:48  opened  rolled back
                     -> mend it
                     | line 1
                     | line 2
                closed  2026-11-21 10:18  deployment  stack       after 1 h 30 min  1.1.0
                     it broke
                     2026-11-21 10:18:48  opened  rolled back
                     2026-11-21 11:48:48  closed  deployed

                """)
        let open = await host.run("incidents", "--open")
        #expect(open.output.contains("repository") && !open.output.contains("closed"))
        #expect(await host.run("incidents", "--limit", "1").output == open.output)
        #expect(await host.run("incidents", "--limit", "0").status == .usage)
    }

    @Test("S4: what the health check left and nobody imported yet is listed too, and stays where it is")
    func spooled() async throws {
        let host = try await story()
        try spool("opened", 1, on: host)
        let result = await host.run("incidents", "--open", "--output", "json")
        let incidents = try #require(result.json["incidents"] as? [[String: Any]])
        #expect(incidents.count == 2)
        let web = try #require(incidents.first { $0["subject"] as? String == "web" })
        #expect(web["kind"] as? String == "liveness" && web["incident"] as? String == "4711")
        let events = try #require(web["events"] as? [[String: Any]])
        #expect(events.first?["log"] as? String == "out of memory")
        #expect(
            await host.run("status").output.contains(
                "  incident    web liveness since 2026-11-21 11:49: the process is gone\n"))
        // Imported, and not yet removed.
        let file = "\(host.scratch.path)/state/jobs/incidents/180000001-web-opened"
        #expect(FileManager.default.fileExists(atPath: file))
        try spool("closed", 2, on: host)
        #expect(await !host.run("incidents", "--open").output.contains("web"))
        #expect(await host.run("incidents").output.contains("closed  2026-11-21 11:49  liveness"))
    }

    @Test("status and doctor tell of open incidents, and of mails that did not get away")
    func status() async throws {
        let host = try await story()
        let quiet = await host.run("status", "--output", "json")
        #expect((quiet.json["incidents"] as? [[String: Any]])?.first?["reason"] as? String == "it broke")
        #expect(quiet.json["unsentMail"] == nil)
        host.clock.advance(milliseconds: 1000)
        let details = IncidentDetails(reason: "r", action: "a", host: "vsn1")
        try await host.journal().openIncident(.deployment, subject: "stack", cause: "b", details, notifies: true)
        let status = await host.run("status")
        #expect(status.output.contains("  mail        1 mail not sent, the oldest of 2026-11-21 11:49\n"))
        #expect(status.output.contains("  incident    stack deployment since 2026-11-21 11:49: r\n"))
        let doctor = await host.run("doctor")
        #expect(doctor.output.contains("2 open: stack (deployment), repository (repository)"))
        try host.scratch.write("x", to: "state/jobs/incidents/damaged/1")
        #expect(await host.run("doctor").output.contains("1 file of the health check could not be understood"))
    }

    @Test("a host on which nothing went wrong says so")
    func none() async throws {
        let host = try CommandFixture()
        _ = try host.journal()
        #expect(await host.run("incidents").output == "no incidents\n")
        #expect(await host.run("doctor").output.contains("incidents"))
    }
}
