import Foundation
import Journal
import Processes
import TestSupport
import Testing

@Suite("People hear of what goes wrong", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct IncidentTests {
    @Test("S4 S12: a failed deployment is mailed once, however often it is tried, and its recovery too")
    func deployment() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let server = try SilentSMTPServer()
            let bad = try vsn.commit(
                "1.0.0", "Never healthy",
                changes: VSN.unhealthy.replacing("127.0.0.1:1\"", with: "127.0.0.1:\(server.port)\""))
            #expect(try await vsn.fairlead("reconcile").status == 4)
            try await vsn.waits("for the mail, which is under way although reconcile has returned") {
                server.isWaitedFor
            }
            #expect(try vsn.mails().count == 1)
            let failure = try #require(try vsn.mails().first, "the very first deployment, so its own mail settings")
            #expect(
                failure.subject == "[\(vsn.stack)@test] deployment of 1.0.0 failed: rolled back to containerless")
            for words in [
                "did not become healthy", "no container runs", "mend the image", bad, "Ada Author", "“Never healthy”",
                "#1; 'fairlead show 1'", "1.0.0", "UTC",
            ] {
                #expect(failure.body.contains(words), "\(words): \(failure.body)")
            }
            #expect(try await vsn.incidents("--open").first?["kind"] as? String == "deployment")

            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 4)
            #expect(try vsn.mails().count == 1)

            try vsn.commit("1.0.0", "Mend it", changes: VSN.healthy)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.subjects().last == "recovered: 1.0.0 is deployed")
            #expect(try vsn.mails().count == 2)
            #expect(try await vsn.incidents("--open").isEmpty)
            #expect(try await vsn.incidents().first?["closed"] != nil)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.mails().count == 2)
        }
    }

    @Test("S12: a refused plan and a roll back to the previous one say what runs on, and a revert is the recovery")
    func refused() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: VSN.healthy)
            #expect(try await vsn.fairlead("reconcile").status == 0)

            try vsn.repo.write("plan.json", #"{"schemaVersion": 1, "stak": "x"}"#)
            let broken = try vsn.repo.commit("Break the plan")
            #expect(try await vsn.fairlead("reconcile").status == 3)
            #expect(try vsn.subjects() == ["commit \(broken.prefix(10)) refused: \(vsn.stack) 1.0.0 stays deployed"])
            #expect(try vsn.mails().first?.body.contains("did you mean 'stack'") == true)

            try vsn.repo.revert()
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.subjects().last == "recovered: 1.0.0 runs")

            let unhealthy = VSN.unhealthy.replacing(#""containers""#, with: #""onFailure": "previous", "containers""#)
            try vsn.commit("1.0.0", "Never healthy", changes: unhealthy)
            #expect(try await vsn.fairlead("reconcile").status == 4)
            #expect(try vsn.subjects().last == "deployment of 1.0.0 failed: rolled back to 1.0.0")
            #expect(await vsn.served() == "1.0.0")
            #expect(try vsn.mails().count == 3)
        }
    }

    @Test("S12: a failure that may pass is mailed at its first try, and the deployment that comes of it is its end")
    func transient() async throws {
        try await VSN.with { vsn in
            try vsn.commit("1.0.0", changes: VSN.healthy)
            for _ in 1...2 {
                #expect(try await vsn.fairlead("reconcile").status == 3)
                try await Task.sleep(for: .milliseconds(2100))
            }
            #expect(try await vsn.deployments().count == 2)
            #expect(try vsn.subjects() == ["deployment of 1.0.0 refused: nothing is deployed"])
            #expect(try vsn.mails().first?.body.contains("it is tried again by itself") == true)
            try await vsn.publish("1.0.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.subjects().last == "recovered: 1.0.0 is deployed")
        }
    }

    @Test("S12: a crash right after a failure loses no mail, and sends none twice")
    func crash() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", "Never healthy", changes: VSN.unhealthy)
            await #expect(throws: (any Error).self) {
                _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": "after outcome"])
            }
            #expect(try vsn.mails().isEmpty)
            #expect(try await vsn.fairlead("reconcile").status == 4)
            #expect(try vsn.mails().count == 1)
            #expect(try await vsn.fairlead("reconcile").status == 5)
            #expect(try vsn.mails().count == 1)
        }
    }

    @Test("S4: a mail that could not be queued is queued in the next cycle")
    func queueIsBroken() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", "Never healthy", changes: VSN.unhealthy)
            let queue = try vsn.scratch.write("in the way", to: "state/mail/queue")
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status == 4 && failed.errorTail.contains("mail"))
            #expect(try await vsn.fairlead("status").text.contains("1 mail not sent"))
            try FileManager.default.removeItem(atPath: queue)
            #expect(try await vsn.fairlead("reconcile").status == 5)
            #expect(try vsn.subjects() == ["deployment of 1.0.0 failed: rolled back to containerless"])
        }
    }

    @Test("S12: a saved plan that does not start after a boot is mailed, and its start too")
    func boot() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: VSN.healthy)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            let foreign = try LoopbackPort.listener(vsn.port)
            for _ in 1...2 {
                #expect(try await vsn.fairlead("reconcile").status == 5)
                try await Task.sleep(for: .milliseconds(2100))
            }
            close(foreign)
            #expect(try vsn.subjects() == ["1.0.0 could not be started again"])
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try vsn.subjects().last == "recovered: 1.0.0 runs")
            #expect(try vsn.mails().count == 2)
        }
    }

    @Test("S6 S12: a mail holds no secret, although the log of the failed container does")
    func canary() async throws {
        let canary = "canary-\(UInt64.random(in: 0 ... .max))"
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let file = try vsn.scratch.write(#"{"token": "\#(canary)"}"#, to: "secrets.json")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            try vsn.configure(["secretsFile": file])
            try vsn.commit(
                "1.0.0", "Leak",
                changes: """
                    {\(VSN.deadMail), "containers": {"web": {
                        "environment": {"TOKEN": "${secret:token}"},
                        "command": ["/bin/sh", "-c", "echo token $TOKEN is refused; exit 1"]}}}
                    """)
            #expect(try await vsn.fairlead("reconcile").status == 4)
            let mail = try #require(try vsn.mails().first)
            #expect(mail.body.contains("[secret token]"))
            #expect(!mail.body.contains(canary) && !mail.subject.contains(canary))
            let told = try await vsn.fairlead("incidents")
            #expect(told.text.contains("[secret token]") && !told.text.contains(canary))
        }
    }
}
