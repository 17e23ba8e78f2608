import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "J9: a dump is loaded by its container before anything that depends on it starts",
    .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(10)))
struct DumpRestoreTests {
    /// Saves and loads the file `rows`; each load adds a line to `loads`.
    private func hook(load: String = "cat > /data/rows.part; sleep 0.3; mv /data/rows.part /data/rows") -> String {
        """
        {"mode": "hook", "dump": ["cat", "/data/rows"],
         "load": ["/bin/sh", "-c", "echo >> /data/loads; \(load)"]}
        """
    }

    /// Every byte, those too that leave a terminal.
    private let rows: String = {
        let all = String(decoding: (0..<128).map { UInt8($0) }, as: UTF8.self)
        return String(repeating: "\u{10}\u{11}" + all, count: 20_000)
    }()

    private func deployed(_ hook: String, _ body: (VSN) async throws -> Void) async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup(volume: hook)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let backup = try await vsn.deployAndBackUp(rows)
            #expect(backup.status == 0, "\(backup.errorTail)")
            #expect(try await vsn.loseHost().status == 0)
            try await body(vsn)
        }
    }

    @Test("C4: it is whole, and its container counts as healthy only then")
    func loads() async throws {
        try await deployed(hook()) { vsn in
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect((vsn.data("database/rows") == rows) as Bool)
            #expect(vsn.data("database/loads") == "\n")
            #expect(vsn.leftovers() == [])
            let record = try #require(try await vsn.deployments().first)
            #expect(record.changes.last?.text.hasPrefix("loaded from run ") == true)
            let owner = try FileManager.default.attributesOfItem(atPath: "\(vsn.dataDirectory)/database")
            #expect(owner[.ownerAccountID] as? Int == 999)
        }
    }

    @Test(
        "what cannot be loaded ends containerless, with the command's words and an empty directory, whatever the plan says",
        arguments: ["containerless", "previous"])
    func failure(onFailure: String) async throws {
        try await deployed(hook()) { vsn in
            try await vsn.commitWithBackup(
                volume: hook(load: "cat > /data/half; echo no such table; exit 3"), onFailure: onFailure)
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status == 4, "\(failed.errorTail)")
            #expect(failed.errorTail.contains("(exit status 3) |     | no such table"), "\(failed.errorTail)")
            #expect(try await vsn.containers() == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(vsn.dataDirectory)/database") == [])
            #expect(vsn.leftovers() == [])

            try await vsn.commitWithBackup(volume: hook(), onFailure: onFailure)
            let mended = try await vsn.fairlead("reconcile")
            #expect(mended.status == 0, "\(mended.errorTail)")
            #expect((vsn.data("database/rows") == rows) as Bool)
        }
    }

    @Test("the previous plan is not started on data that is not loaded")
    func previous() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup(volume: hook(), onFailure: "previous")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.deployAndBackUp(rows).status == 0)
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database")
            try await vsn.commitWithBackup("1.1.0", volume: hook(load: "exit 3"), onFailure: "previous")
            let failed = try await vsn.fairlead("reconcile", "--force")
            #expect(failed.status == 4, "\(failed.errorTail)")
            #expect(failed.errorTail.contains("the previous plan is not started"), "\(failed.errorTail)")
            #expect(try await vsn.deployments().first?.outcome == .containerless)
            #expect(try await vsn.containers() == [])

            try await vsn.commitWithBackup("1.1.0", volume: hook())
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect((vsn.data("database/rows") == rows) as Bool)
        }
    }

    @Test("a kill while it is loaded, and until that is over, loads it again from the start")
    func killed() async throws {
        try await deployed(hook(load: "cat > /data/rows.part; sleep 4; mv /data/rows.part /data/rows")) { vsn in
            let part = "\(vsn.dataDirectory)/database/rows.part"
            #expect(try await vsn.killReconcile { FileManager.default.fileExists(atPath: part) })
            #expect(vsn.leftovers().count == 2)
            let restart = try await vsn.fairlead("reconcile")
            #expect(restart.status == 0, "\(restart.errorTail)")
            #expect((vsn.data("database/rows") == rows) as Bool)
            #expect(vsn.data("database/loads") == "\n")

            for checkpoint in ["data placed", "database started", "database loaded", "database healthy"] {
                _ = try await vsn.loseHost()
                await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
                    _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": checkpoint])
                }
                let restart = try await vsn.fairlead("reconcile")
                #expect(restart.status == 0, "\(checkpoint): \(restart.errorTail)")
                #expect((vsn.data("database/rows") == rows) as Bool, "\(checkpoint)")
                #expect(vsn.data("database/loads") == "\n", "\(checkpoint)")
                #expect(vsn.leftovers() == [], "\(checkpoint)")
            }
        }
    }

    @Test(
        "a PostgreSQL that was dumped while it was written to is whole on an empty host",
        .enabled(if: PostgresImage.unavailable == nil))
    func postgres() async throws {
        try await VSN.withBackups { vsn in
            let database = try await vsn.deployPostgres()
            let (committed, backup) = try await database.underLoad {
                (try await database.transfers(), try await vsn.fairlead("backup", "now"))
            }
            try #require(backup.status == 0, "\(backup.errorTail)")
            #expect(try await vsn.loseHost().status == 0)

            let restored = try await vsn.fairlead("reconcile")
            #expect(restored.status == 0, "\(restored.errorTail)")
            #expect(await database.problems(transfers: committed) == [])
            #expect(vsn.leftovers() == [])
        }
    }
}
