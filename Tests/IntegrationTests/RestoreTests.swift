import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "J9: data that is missing comes from the backup, as a part of the deployment",
    .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(10)))
struct RestoreTests {
    @Test("J1 J10: what was backed up is served again on an empty host, and history tells from when it is")
    func recovery() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            expect(try await vsn.deployAndBackUp("customers"), status: 0)
            expect(try await vsn.loseHost(), status: 0)
            let result = try await vsn.fairlead("reconcile")
            expect(result, status: 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.data("database/rows") == "customers")
            #expect(vsn.data("database/starts")?.split(separator: "\n").count == 2)
            let change = try #require(try await vsn.deployments().first?.changes.last)
            #expect(change.subject == "data directory 'database'")
            let told = /restored from run [0-9TZ]{16} of 'test' \([0-9]+ min old, .*, target 'nas'\)/
            #expect(change.text.contains(told))
            #expect(result.errorTail.contains(change.text))
            #expect(vsn.leftovers() == [])

            // Now it is there: nothing is asked of a storage any more.
            try FileManager.default.removeItem(atPath: vsn.backupStore)
            try await vsn.commitWithBackup("1.1.0")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "1.1.0")
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    @Test("S7: data that is lost under a running stack is restored when an operator says so, not before")
    func lostWhileRunning() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            expect(try await vsn.deployAndBackUp("customers"), status: 0)
            let web = try await vsn.containerID("web")
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database")

            try await vsn.commitWithBackup("1.1.0", more: #""environment": {"A": "b"},"#)
            let refused = try await vsn.fairlead("reconcile")
            expect(refused, status: 3, saying: "the data of 'database' was on this host and is gone")
            #expect(refused.errorTail.contains("fairlead reconcile --force"))

            try vsn.flipStoredBytes()
            let damaged = try await vsn.fairlead("reconcile", "--force")
            expect(damaged, status: 3, saying: "no backup of data directory 'database' can be used")
            #expect(try await vsn.containerID("web") == web)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.leftovers() == [])

            try vsn.flipStoredBytes()
            expect(try await vsn.fairlead("reconcile", "--force"), status: 0)
            #expect(await vsn.served() == "1.1.0")
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    @Test("an older run is an incident until there is a new backup")
    func older() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            expect(try await vsn.deployAndBackUp("Monday"), status: 0)
            expect(try await vsn.deployAndBackUp("Tuesday"), status: 0)
            expect(try await vsn.loseHost(), status: 0)
            try vsn.flipStoredBytes(newest: true)
            expect(try await vsn.fairlead("reconcile"), status: 0, saying: "is not the one that was saved")
            #expect(vsn.data("database/rows") == "Monday")
            let incident = try #require(try await vsn.journal().openIncidents().first)
            #expect(incident.kind == .backup)
            #expect(incident.events.first?.details.reason.contains("is not the one that was saved") == true)
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test("a boot or a repair without the data starts nothing, and restores nothing")
    func boot() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            expect(try await vsn.deployAndBackUp("customers"), status: 0)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            let (data, away) = ("\(vsn.dataDirectory)/database", "\(vsn.scratch.path)/away")
            try FileManager.default.moveItem(atPath: data, toPath: away)
            let held = try await vsn.fairlead("reconcile")
            expect(held, status: 5, saying: "the data of 'database' was on this host and is gone")
            #expect(!FileManager.default.fileExists(atPath: data))

            try FileManager.default.moveItem(atPath: away, toPath: data)
            try await Task.sleep(for: .seconds(2))
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(vsn.data("database/rows") == "customers")
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a kill while it is fetched, and at each point until it is served, converges to all of the data")
    func killed() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let rows = (0..<400_000).map { "\($0 &* 2_654_435_761)" }.joined(separator: "\n")
            expect(try await vsn.deployAndBackUp(rows), status: 0)

            _ = try await vsn.loseHost()
            let staging = "\(vsn.dataDirectory)/.fairlead-restore-database"
            _ = try await vsn.killReconcile { FileManager.default.fileExists(atPath: "\(staging)/sums.process") }
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect((vsn.data("database/rows") == rows) as Bool)
            #expect(vsn.leftovers() == [])

            for checkpoint in ["before fetch", "after fetch", "data placed", "database started", "before outcome"] {
                _ = try await vsn.loseHost()
                let crash = ["FAIRLEAD_CRASH_AT": checkpoint]
                await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
                    _ = try await vsn.fairlead("reconcile", environment: crash)
                }
                expect(try await vsn.fairlead("reconcile"), status: 0)
                #expect((vsn.data("database/rows") == rows) as Bool, "\(checkpoint)")
                #expect(vsn.leftovers() == [], "\(checkpoint)")
                #expect(await vsn.served() == "1.0.0", "\(checkpoint)")
            }
        }
    }

    @Test("J9: what a teardown took down comes back by the daemon, with its data from the backup")
    func afterTeardown() async throws {
        try await VSN.savable(database: #"{"mode": "live"}"#) { vsn in
            try await vsn.withDaemon { _ in
                #expect(try await vsn.fairlead("backup", "now").status == 0)
                let starts = vsn.data("database/starts")
                #expect(try await vsn.fairlead("teardown", "--yes").status == 0)
                try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database")
                #expect(try await vsn.fairlead("resume").status == 0)
                try await vsn.waits("for the stack") { await vsn.served() == "1.0.0" }
                #expect(vsn.data("database/starts")?.hasPrefix(starts ?? "?") == true)
            }
        }
    }

    @Test("where the data does not fit, nothing is stopped or left, and it is restored when there is room")
    func fullDisk() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            expect(try await vsn.fairlead("reconcile"), status: 0)
            // A hundred megabytes that need next to nothing in the storage.
            let big = String(repeating: String(repeating: "0", count: 1 << 20), count: 100)
            expect(try await vsn.deployAndBackUp(big), status: 0)
            _ = try await vsn.loseHost()
            let script = #"mount -t tmpfs -o size=40m,mode=0700 tmpfs "$0" && exec "$@""#
            let full = try await Command(
                "/usr/bin/unshare",
                [
                    "--mount", "/bin/sh", "-c", script, "\(vsn.scratch.path)/data", FairleadBinary.path, "reconcile",
                    "--config", vsn.configuration,
                ], environment: vsn.environment, deadline: .seconds(120)
            ).runToEnd()
            expect(full, status: 3, saying: "there is no room to restore data directory 'database'")
            #expect(try await vsn.containers() == [])
            try await Task.sleep(for: .seconds(2))
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(vsn.data("database/rows")?.utf8.count == 100 << 20)
        }
    }

    func expect(
        _ result: CommandResult, status: Int32, saying text: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let said = Comment(rawValue: result.text + result.errorTail)
        #expect(result.status == status, said, sourceLocation: sourceLocation)
        #expect(text.isEmpty || (result.text + result.errorTail).contains(text), said, sourceLocation: sourceLocation)
    }
}
