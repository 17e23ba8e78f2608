import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "A kill while data is copied or put back loses nothing", .enabled(if: VSN.backupUnavailable == nil),
    .timeLimit(.minutes(20)))
struct RollbackCrashTests {
    @Test("a kill around the copy leaves no copy or a whole one of the data of before")
    func copy() async throws {
        try await VSN.migrating { vsn in
            for checkpoint in ["before copy", "database copied", "after copy", "database started"] {
                try await vsn.commitFormat(2, .migratesOnly)
                try await crash(vsn, "reconcile", at: checkpoint)
                #expect(try await vsn.fairlead("reconcile").status != 0)
                #expect(try await vsn.containers() == [], "\(checkpoint)")
                #expect(vsn.format == "2", "\(checkpoint)")
                // Beside what an earlier round set aside.
                #expect(vsn.snapshots().allSatisfy(isWhole), "\(checkpoint)")
                #expect(try vsn.snapshots().count { try isCopy($0) } == 1, "\(checkpoint)")
                expect(try await vsn.fairlead("rollback", "--yes"), status: 0)
                #expect(vsn.format == "1", "\(checkpoint)")
                #expect(vsn.customerRows == "customers", "\(checkpoint)")
                #expect(await vsn.served() == "1.0.0", "\(checkpoint)")
                // The next round begins with a plan that differs.
                try await vsn.commitFormat(1)
                expect(try await vsn.fairlead("reconcile"), status: 0)
            }
        }
    }

    @Test("a copy that is killed in the middle is made again from its beginning")
    func copying() async throws {
        try await VSN.migrating { vsn in
            try Data(repeating: 7, count: 400 << 20).write(to: URL(filePath: "\(vsn.dataDirectory)/database/big"))
            try await vsn.commitFormat(2, .migratesOnly)
            let wasRunning = try await vsn.killReconcile {
                vsn.snapshots().contains { FileManager.default.fileExists(atPath: "\($0)/data/database/big") }
            }
            #expect(wasRunning)
            #expect(vsn.snapshots().filter(isWhole) == [])
            #expect(try await vsn.fairlead("reconcile").status != 0)
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0)
            #expect(vsn.format == "1")
            let size = try FileManager.default.attributesOfItem(atPath: "\(vsn.dataDirectory)/database/big")[.size]
            #expect(size as? Int == 400 << 20)
        }
    }

    @Test("a roll back that is killed is finished by the next start, and what it took back is not deployed again")
    func rollBack() async throws {
        try await VSN.migrating { vsn in
            for checkpoint in [
                "exchange begun", "database set aside", "database put back", "exchanged", "database started",
                "before outcome", "after outcome",
            ] {
                try await vsn.commitFormat(2)
                expect(try await vsn.fairlead("reconcile"), status: 0)
                #expect(vsn.format == "2", "\(checkpoint)")
                try await crash(vsn, "rollback", "--yes", at: checkpoint)
                for _ in 0..<2 { _ = try await vsn.fairlead("reconcile") }
                #expect(vsn.format == "1", "\(checkpoint)")
                #expect(vsn.customerRows == "customers", "\(checkpoint)")
                #expect(await vsn.served() == "1.0.0", "\(checkpoint)")
                #expect(try await vsn.journal().unfinishedDeployment() == nil, "\(checkpoint)")
                #expect(vsn.snapshots().allSatisfy(isWhole), "\(checkpoint)")
                try await vsn.commitFormat(1)
                expect(try await vsn.fairlead("reconcile"), status: 0)
            }
        }
    }

    @Test(
        "while the disk of the data is away, a roll back that was cut off waits for it, and is finished when it is back"
    )
    func away() async throws {
        try await VSN.migrating { vsn in
            for checkpoint in ["before exchange", "database set aside"] {
                let at = Comment(rawValue: checkpoint)
                try await vsn.commitFormat(2)
                expect(try await vsn.fairlead("reconcile"), status: 0)
                try await crash(vsn, "rollback", "--yes", at: checkpoint)
                let away = "\(vsn.scratch.path)/all-data"
                try FileManager.default.moveItem(atPath: vsn.dataDirectory, toPath: away)
                try await stays(vsn, "'\(vsn.dataDirectory)' is missing")
                // What a mount point is without its disk.
                try FileManager.default.createDirectory(atPath: vsn.dataDirectory, withIntermediateDirectories: false)
                try await stays(vsn, "'\(vsn.dataDirectory)/.fairlead-before' is missing")
                expect(
                    try await vsn.fairlead("rollback", "--yes"), status: 1,
                    saying: "cannot look for copies of the data")
                #expect(try FileManager.default.contentsOfDirectory(atPath: vsn.dataDirectory) == [], at)

                try FileManager.default.removeItem(atPath: vsn.dataDirectory)
                try FileManager.default.moveItem(atPath: away, toPath: vsn.dataDirectory)
                for _ in 0..<2 { _ = try await vsn.fairlead("reconcile") }
                #expect(vsn.format == "1", at)
                #expect(vsn.customerRows == "customers", at)
                #expect(await vsn.served() == "1.0.0", at)
                #expect(try await vsn.journal().unfinishedDeployment() == nil, at)
                try await vsn.commitFormat(1)
                expect(try await vsn.fairlead("reconcile"), status: 0)
            }
        }
    }

    @Test("a lost copy ends the roll back that was cut off; where it may be away only, a teardown does")
    func lost() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try await crash(vsn, "rollback", "--yes", at: "before exchange")
            for copy in vsn.snapshots() { try FileManager.default.removeItem(atPath: copy) }
            try await stays(vsn, "'\(vsn.dataDirectory)/.fairlead-before' is empty")
            expect(try await vsn.fairlead("teardown", "--yes"), status: 0)
            #expect(try await vsn.journal().unfinishedDeployment() == nil)
            expect(try await vsn.fairlead("resume"), status: 0)
            expect(try await vsn.fairlead("retry"), status: 0)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "2.0.0")

            try await vsn.commitFormat(3)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try await crash(vsn, "rollback", "--yes", at: "before exchange")
            for copy in vsn.snapshots() { try FileManager.default.removeItem(atPath: copy) }
            // The disk is there.
            try vsn.makeOpen("\(vsn.dataDirectory)/.fairlead-before/lost+found")
            expect(try await vsn.fairlead("reconcile"), status: 5)
            #expect(try await vsn.journal().unfinishedDeployment() == nil)
            let closed = try #require(try await vsn.deployments().first)
            #expect(closed.trigger == .rollBack && closed.error?.contains("is not here any more") == true)
            #expect(vsn.format == "3")
            #expect(vsn.customerRows == "customers")
        }
    }

    @Test("a disk that goes after its data was put back is waited for: nothing is started on what lies in its place")
    func diskAway() async throws {
        try await VSN.migrating(diskSize: "32m", ownDisk: true) { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try await crash(vsn, "rollback", "--yes", at: "in create")
            #expect(vsn.format == "1")
            let place = "\(vsn.dataDirectory)/database"
            try await vsn.call("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700,uid=999,gid=999", "other", place)
            try await stays(vsn, "another directory lies in the place")
            #expect(try await vsn.running() == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: place) == [])
            try await vsn.unbind(place)
            for _ in 0..<2 { _ = try await vsn.fairlead("reconcile") }
            #expect(vsn.format == "1")
            #expect(vsn.customerRows == "customers")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.journal().unfinishedDeployment() == nil)
        }
    }

    /// The roll back is not closed by a try to finish it.
    private func stays(_ vsn: VSN, _ why: String) async throws {
        for _ in 0..<2 {
            expect(
                try await vsn.fairlead("reconcile"), status: 1, saying: "cannot be finished yet", why,
                "'fairlead reconcile' finishes it")
            let open = try #require(try await vsn.journal().unfinishedDeployment())
            #expect(open.trigger == .rollBack)
        }
    }

    @Test("a data directory that is a disk of its own is copied both ways, and a kill in between loses nothing")
    func ownDisk() async throws {
        try await VSN.migrating(diskSize: "32m", ownDisk: true) { vsn in
            for checkpoint in [nil, "database set aside", "database copied back", "database put back"] {
                let at = Comment(rawValue: checkpoint ?? "none")
                try await vsn.commitFormat(2)
                expect(try await vsn.fairlead("reconcile"), status: 0)
                try vsn.write(rows: "written by 2.0.0")
                if let checkpoint {
                    try await crash(vsn, "rollback", "--yes", at: checkpoint)
                    for _ in 0..<2 { _ = try await vsn.fairlead("reconcile") }
                } else {
                    expect(try await vsn.fairlead("rollback", "--yes"), status: 0)
                }
                #expect(vsn.format == "1", at)
                #expect(vsn.customerRows == "customers", at)
                #expect(await vsn.served() == "1.0.0", at)
                let aside = try #require(vsn.snapshots().last)
                let rows = try String(contentsOfFile: "\(aside)/data/database/rows", encoding: .utf8)
                #expect(rows == "written by 2.0.0", at)
                #expect(try FileManager.default.contentsOfDirectory(atPath: aside).contains("snapshot.json"), at)
                try await vsn.commitFormat(1)
                expect(try await vsn.fairlead("reconcile"), status: 0)
            }
        }
    }

    private func isCopy(_ snapshot: String) throws -> Bool {
        try String(contentsOfFile: "\(snapshot)/snapshot.json", encoding: .utf8).contains(#""origin":"copied""#)
    }

    private func isWhole(_ snapshot: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(snapshot)/snapshot.json")
    }

    private func crash(_ vsn: VSN, _ arguments: String..., at checkpoint: String) async throws {
        let crashed = await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
            _ = try await vsn.fairlead(arguments, environment: ["FAIRLEAD_CRASH_AT": checkpoint])
        }
        #expect("\(crashed.map { "\($0)" } ?? "")".contains("signal 9"), "\(checkpoint)")
    }
}
