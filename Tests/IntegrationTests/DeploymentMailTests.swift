import Foundation
import Processes
import TestSupport
import Testing

@Suite("Mail of a deployment", .enabled(if: VSN.unavailable == nil && SMTPServer.isInstalled), .timeLimit(.minutes(5)))
struct DeploymentMailTests {
    @Test(
        "S4: the first failure of a host reaches a real mail server; a dead one delays nothing and gets the mail later"
    )
    func delivery() async throws {
        let server = try await SMTPServer(.plain)
        try await VSN.with { vsn in
            let mail =
                #""mail": {"from": "vsn@acme.example.com", "to": ["ops@acme.example.com"], "smtp": "\#(server.url)"}"#
            // Refused before any job is installed: there is no such image.
            try vsn.commit("1.0.0", changes: "{\(mail)}")
            #expect(try await vsn.fairlead("reconcile").status == 3)
            try await vsn.waits("for the mail") { try server.inbox().count == 1 }
            #expect(try server.inbox().first?.recipients == ["ops@acme.example.com"])
            try await vsn.waits("for an empty queue") { try vsn.mails().isEmpty }

            server.stop()
            try await vsn.publish("1.0.0")
            try await Task.sleep(for: .milliseconds(1100))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.subjects() == ["recovered: 1.0.0 is deployed"])
            let jobs = try String(contentsOfFile: vsn.cron.file, encoding: .utf8)
            #expect(jobs.contains("/state/jobs/send-mail"), "the host's own tables are not touched")
            try await server.start()
            // What the cron job does, again and again: the sender of before may still have the lock.
            try await vsn.waits("for the recovery") {
                try TestProgram("bash", ["\(vsn.scratch.path)/state/jobs/send-mail"]).run()
                return try server.inbox().count == 2
            }
            try await vsn.waits("for an empty queue") { try vsn.mails().isEmpty }
        }
    }
}
