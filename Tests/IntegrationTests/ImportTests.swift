import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "J1: fairlead import makes an old installation's data the stack's",
    .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(10)))
struct ImportTests {
    /// Not deployed yet: it waits for its data.
    private func waiting(_ body: (VSN) async throws -> Void) async throws {
        try await VSN.withBackups { vsn in
            #expect(try await vsn.fairlead("suspend", "--reason", "data is imported").status == 0)
            try await vsn.commitWithBackup()
            try await body(vsn)
        }
    }

    @Test("a first installation starts on a directory, told by history, whatever the storage holds")
    func directory() async throws {
        try await waiting { vsn in
            // A backup of the stack that must not come in the import's place.
            #expect(try await vsn.fairlead("resume").status == 0)
            #expect(try await vsn.deployAndBackUp("backed up").status == 0)
            #expect(try await vsn.fairlead("teardown", "--yes").status == 0)
            try FileManager.default.removeItem(atPath: vsn.dataDirectory)

            try vsn.scratch.write("customers", to: "old/rows")
            try TestProgram("chown", ["-R", "999:999", "\(vsn.scratch.path)/old"]).run()
            let imported = try await vsn.fairlead("import", "database", "\(vsn.scratch.path)/old")
            #expect(imported.status == 0, "\(imported.errorTail)")
            #expect(imported.text.contains("is now '\(vsn.dataDirectory)/database'"), "\(imported.text)")
            #expect(imported.errorTail.contains("'fairlead resume' ends that"), "\(imported.errorTail)")
            #expect(try await vsn.fairlead("resume").status == 0)
            let deployed = try await vsn.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.errorTail)")
            #expect(vsn.data("database/rows") == "customers")
            #expect(vsn.data("database/starts") != nil)
            #expect(vsn.leftovers() == [])
            let told = try #require(try await vsn.deployments().first).changes.last?.text
            #expect(told?.hasPrefix("imported from '\(vsn.scratch.path)/old' (") == true, "\(told ?? "")")

            let inUse = try await vsn.fairlead("import", "database", "\(vsn.scratch.path)/old")
            #expect(inUse.status == 1)
            #expect(inUse.errorTail.contains("is used by stack '\(vsn.stack)', which is deployed"))
            #expect(inUse.errorTail.contains("'fairlead teardown' makes this host containerless"))
        }
    }

    @Test("after a failed deployment the way on is 'fairlead retry', not the next poll, and it works")
    func afterFailure() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", "Never healthy", changes: VSN.neverHealthy())
            #expect(try await vsn.fairlead("reconcile").status == 4)
            try FileManager.default.removeItem(atPath: vsn.dataDirectory)
            try vsn.scratch.write("customers", to: "old/rows")
            let imported = try await vsn.fairlead("import", "database", "\(vsn.scratch.path)/old")
            #expect(imported.status == 0, "\(imported.errorTail)")
            #expect(imported.errorTail.contains("run 'fairlead retry', then the next poll"), "\(imported.errorTail)")
            #expect(try await vsn.fairlead("reconcile").status == 5)
            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 4)
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    @Test("a kill in the middle leaves nothing in the stack's place, and the next import brings all of it")
    func killed() async throws {
        try await waiting { vsn in
            let big = "\(vsn.scratch.path)/old/big"
            try vsn.scratch.write("", to: "old/big")
            // Nothing but data, which takes its time.
            try TestProgram("sh", ["-c", "head -c 300000000 /dev/urandom >\"$0\"", big]).run()
            let staged = "\(vsn.dataDirectory)/.fairlead-import-database"
            let wasRunning = try await vsn.killFairlead("import", "database", "\(vsn.scratch.path)/old") {
                FileManager.default.fileExists(atPath: "\(staged)/files/big")
            }
            #expect(wasRunning)
            #expect(!FileManager.default.fileExists(atPath: "\(vsn.dataDirectory)/database"))
            let again = try await vsn.fairlead("import", "database", "\(vsn.scratch.path)/old")
            #expect(again.status == 0, "\(again.errorTail)")
            let compared = try await Command(
                "/usr/bin/cmp", [big, "\(vsn.dataDirectory)/database/big"], deadline: .seconds(60)
            ).runToEnd()
            #expect(compared.status == 0)
        }
    }

    @Test(
        "a dump of a PostgreSQL is loaded before the stack is healthy, and whole",
        .enabled(if: PostgresImage.unavailable == nil))
    func postgres() async throws {
        try await waiting { vsn in
            try await vsn.commitPostgres()
            let old = try await PostgresDatabase.start("old", data: "\(vsn.scratch.path)/old", in: vsn.sandbox)
            try await old.fill()
            let transfers = try await old.underLoad { try await old.transfers() }
            let dump = "\(vsn.scratch.path)/old.dump"
            _ = try await Command(
                "/bin/sh", ["-c", #"exec podman exec old pg_dump -Fc postgres >"$0""#, dump],
                environment: vsn.sandbox.environment
            ).run()
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "old")

            let imported = try await vsn.fairlead("import", "database", dump, "--dump")
            #expect(imported.status == 0, "\(imported.errorTail)")
            #expect(imported.text.contains("is loaded into 'database' by the next deployment"), "\(imported.text)")
            #expect(try await vsn.fairlead("resume").status == 0)
            let deployed = try await vsn.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.errorTail)")
            let database = PostgresDatabase("\(vsn.stack)-database", in: vsn.sandbox)
            #expect(await database.problems(transfers: transfers) == [])
            #expect(vsn.leftovers() == [])
            let shown = try await vsn.fairlead("show", "1")
            #expect(shown.text.contains("imported from '\(dump)' ("), "\(shown.text)")
        }
    }
}
