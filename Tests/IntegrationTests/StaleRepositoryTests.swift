import Foundation
import Journal
import Processes
import TestSupport
import Testing

@Suite("A customer repo out of reach", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct StaleRepositoryTests {
    @Test("G1: it is an incident after the configured time, mailed once, over a restart too, until the next good fetch")
    func unreachable() async throws {
        try await VSN.deployed { vsn in
            try vsn.configure(["staleAfter": "2s"])
            try vsn.installMail()
            try FileManager.default.moveItem(atPath: vsn.repo.path, toPath: vsn.repo.path + ".gone")
            #expect(try await vsn.fairlead("reconcile").status == 1)
            #expect(try await vsn.incidents("--open").isEmpty, "too early")
            try await Task.sleep(for: .milliseconds(2100))
            for _ in 1...2 { #expect(try await vsn.fairlead("reconcile").status == 1) }
            #expect(
                try vsn.subjects() == ["customer repo out of reach for 2s: \(vsn.stack) 1.0.0 stays deployed"])
            #expect(try await vsn.incidents("--open").first?["kind"] as? String == "repository")
            #expect(await vsn.served() == "1.0.0")

            try FileManager.default.moveItem(atPath: vsn.repo.path + ".gone", toPath: vsn.repo.path)
            for _ in 1...2 { #expect(try await vsn.fairlead("reconcile").status == 0) }
            #expect(try vsn.subjects().last == "recovered: the customer repo can be fetched again")
            #expect(try vsn.mails().count == 2)
            #expect(try await vsn.incidents("--open").isEmpty)
        }
    }

    @Test(
        "a server that answers with a history that is refused counts as out of reach; a poll between does not hide it")
    func refusedHistory() async throws {
        try await VSN.deployed { vsn in
            try vsn.configure([
                "repository": ["url": vsn.repo.path, "requireFastForward": true] as [String: any Sendable],
                "staleAfter": "2s",
            ])
            try vsn.installMail()
            try vsn.repo.git("checkout", "--quiet", "--orphan", "other")
            try vsn.commit("1.0.0", "Another history")
            try vsn.repo.git("branch", "--force", "main", "other")
            #expect(try await vsn.fairlead("reconcile").status == 1)
            try await Task.sleep(for: .milliseconds(2100))
            #expect(try await vsn.fairlead("reconcile").status == 1)
            #expect(try vsn.mails().first?.body.contains("the branch was rewritten") == true)
        }
    }

    @Test("S4: the daemon takes what the health check leaves into the journal while it runs, damaged files aside")
    func spool() async throws {
        try await VSN.deployed { vsn in
            try await vsn.withDaemon { _ in
                try vsn.scratch.write(
                    """
                    Incident: 4711
                    Event: opened
                    Subject: web
                    Kind: liveness
                    Time: 1800000000
                    Reason: the process is gone
                    """, to: "state/jobs/incidents/1800000000000001-web-opened")
                try vsn.scratch.write("Incident: 4", to: "state/jobs/incidents/1800000000000000-web-opened")
                try await vsn.waits("for the import") { try await vsn.journal().openIncidents().count == 1 }
                try await vsn.waits("for an empty spool") {
                    try FileManager.default.contentsOfDirectory(atPath: "\(vsn.scratch.path)/state/jobs/incidents")
                        == ["damaged"]
                }
            }
            #expect(try await vsn.incidents("--open").first?["subject"] as? String == "web")
        }
    }
}
