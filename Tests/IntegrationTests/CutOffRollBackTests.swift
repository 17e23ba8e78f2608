import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "What was cut off around a roll back is finished as it was begun, or waits",
    .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(15)))
struct CutOffRollBackTests {
    private func crash(_ vsn: VSN, _ arguments: String..., at checkpoint: String) async throws {
        let crashed = await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
            _ = try await vsn.fairlead(arguments, environment: ["FAIRLEAD_CRASH_AT": checkpoint])
        }
        #expect("\(crashed.map { "\($0)" } ?? "")".contains("signal 9"), "\(checkpoint)")
    }

    @Test("asked for again, one that was cut off goes no further back; another one waits until it is finished")
    func repeated() async throws {
        let keep = #"{"keep": 3}"#
        try await VSN.migrating(keep: keep) { vsn in
            for format in 2...3 {
                try await vsn.commitFormat(format, keep: keep)
                expect(try await vsn.fairlead("reconcile"), status: 0)
                try vsn.write(rows: "written by \(format).0.0")
            }
            let third = try #require(try await vsn.journal().deployedState()).deployment
            // Its copy is in place, and used up.
            try await crash(vsn, "rollback", "--yes", at: "in create")
            expect(
                try await vsn.fairlead("rollback", "--to", "1", "--yes"), status: 1, saying: "a roll back to 2.0.0",
                "is not finished", "'fairlead rollback' finishes it")
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0, saying: "rolled back to 2.0.0")
            let back = try #require(try await vsn.deployments().first)
            let (downtime, ended) = (try #require(back.downtimeMilliseconds), try #require(back.ended))
            // The stack was down before this one began.
            #expect(Duration.milliseconds(downtime) > ended.since(back.started))
            #expect(await vsn.served() == "2.0.0")
            #expect(vsn.customerRows == "written by 2.0.0")
            expect(try await vsn.fairlead("rollback", "--to", "\(third)", "--yes"), status: 0)
            #expect(await vsn.served() == "3.0.0")
            #expect(vsn.customerRows == "written by 3.0.0")
        }
    }

    @Test("what a version that was cut off may have written is set aside, and offered with no version")
    func unknownOwner() async throws {
        try await VSN.migrating { vsn in
            let first = try #require(try await vsn.journal().deployedState()).deployment
            try await vsn.commitFormat(2)
            try await crash(vsn, "reconcile", at: "before outcome")
            #expect(vsn.format == "2")
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0, saying: "rolled back to 1.0.0")
            #expect(vsn.format == "1")
            let aside = try #require(vsn.snapshots().first)
            #expect(try String(contentsOfFile: "\(aside)/data/database/format", encoding: .utf8) == "2\n")
            let list = try await vsn.fairlead("rollback", "--list").text
            #expect(list.contains(aside) && !list.contains("--to"), "\(list)")
            expect(try await vsn.fairlead("rollback", "--to", "\(first)", "--yes"), status: 1)
            #expect(vsn.format == "1")
        }
    }

    @Test("after a renaming that was cut off the directory has its former name first, and counts as there")
    func renaming() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2, name: "db")
            try await crash(vsn, "reconcile", at: "data placed")
            #expect(vsn.customerRows == nil && vsn.data("db/rows") == "customers")
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0, saying: "rolled back to 1.0.0")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.customerRows == "customers" && vsn.data("db/rows") == nil)
        }
    }

    @Test("while the disk with the copies is away, one that was cut off waits, with an incident, and goes on by itself")
    func unseen() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try await crash(vsn, "rollback", "--yes", at: "database set aside")
            let (root, away) = ("\(vsn.scratch.path)/data", "\(vsn.scratch.path)/away")
            try FileManager.default.moveItem(atPath: root, toPath: away)
            // What a mount point is without its disk.
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
            for _ in 0..<2 {
                expect(
                    try await vsn.fairlead("reconcile"), status: 1,
                    saying: "was cut off, and cannot be finished yet", "is missing",
                    "'fairlead teardown' ends it")
            }
            #expect(try await vsn.journal().unfinishedDeployment() != nil)
            #expect(try await vsn.containers() == [])
            expect(
                try await vsn.fairlead("incidents", "--open"), status: 0,
                saying: "was cut off, and cannot be finished yet")
            try FileManager.default.removeItem(atPath: root)
            try FileManager.default.moveItem(atPath: away, toPath: root)
            _ = try await vsn.fairlead("reconcile")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
            #expect(vsn.customerRows == "customers")
            #expect(try await vsn.journal().unfinishedDeployment() == nil)
            #expect(try await vsn.fairlead("incidents", "--open").text.contains("no incidents"))
        }
    }

    @Test("while a data directory is away, one that was cut off waits, by whatever command, and goes on by itself")
    func awaited() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try await crash(vsn, "rollback", "--yes", at: "exchange begun")
            let (data, away) = ("\(vsn.dataDirectory)/database", "\(vsn.scratch.path)/away")
            try FileManager.default.moveItem(atPath: data, toPath: away)
            try vsn.makeOpen(data)
            for command in [["reconcile"], ["rollback", "--yes"], ["reconcile"]] {
                expect(
                    try await vsn.fairlead(command), status: 1, saying: "cannot be finished yet", "is not what it was")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: data) == [])
            expect(try await vsn.fairlead("incidents", "--open"), status: 0, saying: "is not what it was")
            try FileManager.default.removeItem(atPath: data)
            try FileManager.default.moveItem(atPath: away, toPath: data)
            _ = try await vsn.fairlead("reconcile")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
        }
    }

    @Test("after a teardown, too, a mount point without its disk is neither set aside nor renamed; adopt takes it")
    func tornDown() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            expect(try await vsn.fairlead("teardown", "--yes"), status: 0)
            let (data, away) = ("\(vsn.dataDirectory)/database", "\(vsn.scratch.path)/away")
            try FileManager.default.moveItem(atPath: data, toPath: away)
            try vsn.makeOpen(data)
            expect(
                try await vsn.fairlead("rollback", "--yes"), status: 3, saying: "another directory lies in the place")
            #expect(try FileManager.default.contentsOfDirectory(atPath: data) == [])
            let volume = #"[{"data": "db", "formerly": "database", "target": "/data", "owner": "999:999"}]"#
            try vsn.commit(
                "3.0.0", "Call it db", changes: #"{"containers": {"database": {"volumes": \#(volume)}}}"#)
            expect(try await vsn.fairlead("resume"), status: 0)
            expect(
                try await vsn.fairlead("reconcile"), status: 3, saying: "another directory lies in the place",
                "fairlead adopt --data database")
            #expect(try await vsn.containers() == [])
            expect(try await vsn.fairlead("adopt", "--data", "database"), status: 0)
            expect(try await vsn.fairlead("adopt", "--data", "nobody"), status: 1, saying: "no data directory 'nobody'")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(vsn.data("db/starts") != nil)
        }
    }
}
