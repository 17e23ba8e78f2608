import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("A failed start stays told of until it is mended", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DriftIncidentTests {
    /// Two containers that crash as long as a file `broken` lies in their data, and one that stays well.
    private static func fragile(_ vsn: VSN) -> String {
        """
        {\(VSN.deadMail), "containers": {
            "database": {"command": \(VSN.fragileCommand(port: 5432))},
            "web": {"dependsOn": null, "command": \(VSN.fragileCommand(port: 8080)), "health": {"http": null, "tcp": 8080},
                    "volumes": [{"data": "web", "target": "/data"}]},
            "third": {"image": "\(vsn.registry.address)/acme/web:1.0.0"}}}
        """
    }

    @Test("two failed repairs are two incidents, and each ends by itself when its container runs without a restart")
    func repairs() async throws {
        try await VSN.deployed(Self.fragile) { vsn in
            for (count, name) in ["web", "database"].enumerated() {
                try vsn.break(name)
                try await vsn.remove(name)
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.deployments().count == count + 2)
            }
            // Between two crashes they run.
            for _ in 0..<4 {
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.openSubjects() == ["database", "web"])
            }
            try vsn.mend("database")
            try await vsn.waits("for the engine to bring it back") { try await vsn.isServing("database") }
            #expect(try await vsn.fairlead("reconcile").status == 5)
            #expect(try await vsn.openSubjects() == ["web"])
            #expect(try await vsn.journal().failures().count == 1)
            #expect(try await vsn.journal().incidents(limit: 9).count == 2)
            #expect(
                try vsn.subjects() == [
                    "drift: web could not be repaired", "drift: database could not be repaired",
                    "recovered: database runs",
                ])
        }
    }

    @Test("what comes and goes is mailed three times in a period, the last time with a word about that")
    func flapping() async throws {
        try await VSN.deployed(with: VSN.healthy) { vsn in
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            for _ in 1...4 {
                try await vsn.sandbox.podman("run", "--detach", "--name", "guest", "--network", vsn.stack, image)
                #expect(try await vsn.fairlead("reconcile").status == 0)
                #expect(try await vsn.openSubjects() == ["stack"])
                try await vsn.sandbox.podman("rm", "--force", "--time", "0", "guest")
                #expect(try await vsn.fairlead("reconcile").status == 0)
                #expect(try await vsn.openSubjects() == [])
            }
            let drift = "drift: what runs is not what was deployed"
            let end = "recovered: 1.0.0 runs"
            #expect(try vsn.subjects() == [drift, end, drift, end, drift])
            let notice = try vsn.mails().map { $0.body.contains("not mailed again for 1d") }
            #expect(notice == [false, false, false, false, true])
            #expect(try await vsn.journal().incidents(limit: 9).count == 4)

            // Back once more, and since before the time that the last mail names.
            try await vsn.sandbox.podman("run", "--detach", "--name", "guest", "--network", vsn.stack, image)
            _ = try await vsn.fairlead("reconcile")
            #expect(try vsn.subjects().count == 5)
            try await vsn.backdateDrift()
            for _ in 1...2 {
                _ = try await vsn.fairlead("reconcile")
                #expect(try vsn.subjects() == [drift, end, drift, end, drift, drift])
            }
        }
    }

    @Test("a saved plan that crashes in a loop after a boot is not called mended between two crashes")
    func boot() async throws {
        try await VSN.deployed(Self.fragile) { vsn in
            try vsn.break("database")
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            for _ in 0..<4 {
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.openSubjects() == ["boot"])
            }
            try vsn.mend("database")
            try await vsn.waits("for the engine to bring it back") { try await vsn.isServing("database") }
            let mended = try await vsn.fairlead("reconcile")
            #expect(mended.status == 0, "\(mended.text)\(mended.errorTail)")
            #expect(try await vsn.openSubjects() == [])
            #expect(try await vsn.journal().failures().isEmpty)
            let starts = try await vsn.deployments().filter(\.trigger.purpose.startsSavedPlan)
            #expect(!starts.contains { $0.outcome == .deployed })
            #expect(try vsn.subjects() == ["1.0.0 could not be started again", "recovered: 1.0.0 runs"])
        }
    }
}

extension VSN {
    /// As if the open, unmailed drift had been found three days ago.
    fileprivate func backdateDrift() async throws {
        let then = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) - 3 * 86_400_000)
        let journal = try Journal.open(at: "\(scratch.path)/state/journal.sqlite", damaged: .refuse, now: { then })
        let cause = try #require(try await journal.causeOfOpenIncident(.drift, subject: "stack"))
        let details = try #require(try await journal.openIncidents().first?.events.first?.details)
        try await journal.closeIncident(.drift, subject: "stack", details, notifies: false)
        try await journal.openIncident(.drift, subject: "stack", cause: cause, details, notifies: false)
    }
}
