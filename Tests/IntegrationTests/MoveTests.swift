import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "J10: a stack moves from one host to another", .enabled(if: VSN.backupUnavailable == nil),
    .timeLimit(.minutes(10)))
struct MoveTests {
    @Test("with every row that was written to the end, and the old host stays without a container")
    func alive() async throws {
        // The new host's key comes with the commit that moves the stack.
        try await Move.begun(opening: \.old) { move in
            let (old, new) = (move.old, move.new)
            try await old.hasRows(3)
            try await move.commitMove()
            expect(
                try await new.fairlead("reconcile"), status: 5, saying: "waiting",
                "the last backup of host 'old' is waited for, 1h at most")
            expect(try await new.fairlead("status"), status: 0, saying: "pending: the last backup of host 'old'")
            #expect(try await new.containers() == [])
            #expect(await old.served() == "1.0.0")

            expect(
                try await old.fairlead("reconcile"), status: 5, saying: "moved", "the stack moves to host 'new'",
                "is delivered")
            #expect(try await old.containers() == [])
            #expect(try await old.networks() == [])
            let written = old.rows
            #expect(written.count >= 3)
            #expect(try old.movedSubjects() == ["moved to new: this host is containerless"])

            expect(try await new.fairlead("reconcile"), status: 0, saying: "the last backup of host 'old', is restored")
            #expect(await new.served() == "1.0.0")
            #expect(Array(new.rows.prefix(written.count)) == written)
            let restored = try #require(try await new.deployments().first).changes.map(\.text)
            #expect(restored.contains { $0.contains(/restored from run [0-9TZ]{16} of 'old' \(0 min old/) })

            // Nothing wakes the old one up: no poll, no command, no boot.
            for verb in [["reconcile"], ["resume"], ["reconcile", "--force"]] {
                expect(try await old.fairlead(verb), status: 5)
            }
            try await move.oldGoesDown()
            expect(try await old.fairlead("reconcile"), status: 5)
            #expect(try await old.containers() == [])
            #expect(old.rows == written)
            #expect(try old.movedSubjects().count == 1)
            expect(try await old.fairlead("status"), status: 0, saying: "containerless, moved to another host")

            // Too late: what the new host wrote since would be lost.
            expect(try await new.fairlead("backup", "now"), status: 0)
            try await move.commit()
            expect(
                try await old.fairlead("reconcile"), status: 3, saying: "host 'new' has taken over the stack",
                #"say "replaces": "new""#)
            #expect(try await old.containers() == [])
            #expect(await new.served() == "1.0.0")
        }
    }

    @Test("by itself, and the new host saves at once what is its own now")
    func daemons() async throws {
        try await Move.begun { move in
            let (old, new) = (move.old, move.new)
            try await old.withDaemon { _ in
                try await new.withDaemon { _ in
                    try await old.hasRows(2)
                    try await move.commitMove()
                    try await new.waits("for the stack") { try await new.deployments().first?.outcome == .deployed }
                    #expect(await new.served() == "1.0.0")
                    #expect(Array(new.rows.prefix(old.rows.count)) == old.rows)
                    #expect(try await old.containers() == [])
                    // Without the wait for the night: it tells the old host whose the stack is.
                    try await new.waits("for its own backup") {
                        FileManager.default.fileExists(atPath: "\(move.runs(of: "new").first ?? "")/manifest.json")
                    }
                }
            }
            #expect(try await old.deployments().first?.outcome == .tornDown)
            #expect(move.runs(of: "old").count == 1)
        }
    }

    @Test("and comes back, once the old data on the first host is out of the way")
    func back() async throws {
        try await Move.begun { move in
            let (old, new) = (move.old, move.new)
            try await move.commitMove(keepingOld: false)
            expect(try await old.fairlead("reconcile"), status: 5)
            expect(try await new.fairlead("reconcile"), status: 0)
            try await new.hasRows(old.rows.count + 2)

            // Tidied up after the move: that gives nothing back.
            for hosts in [["old": "", "new": ""], ["new": ""]] {
                try await move.commit(opening: [old, new], hosts: hosts)
                expect(try await old.fairlead("reconcile"), status: 5)
                #expect(try await old.containers() == [])
            }
            expect(try await new.fairlead("reconcile"), status: 0)
            try await move.commit(opening: [old, new], hosts: ["new": "", "old": #""replaces": "new","#])
            expect(
                try await old.fairlead("reconcile"), status: 3,
                saying: "the stack comes back from host 'new'", "'mv \(old.dataDirectory)/database ")
            expect(try await new.fairlead("reconcile"), status: 5, saying: "the stack moves to host 'old'")
            let written = new.rows
            try FileManager.default.moveItem(
                atPath: "\(old.dataDirectory)/database", toPath: "\(old.scratch.path)/before")
            try await Task.sleep(for: .seconds(2))
            expect(try await old.fairlead("reconcile"), status: 0)
            #expect(Array(old.rows.prefix(written.count)) == written)
            #expect(await old.served() == "1.0.0")
            #expect(try await new.containers() == [])
        }
    }

    @Test("S5: from the newest backup when the old host is dead, which starts nothing when it lives again")
    func dead() async throws {
        try await Move.begun { move in
            let (old, new) = (move.old, move.new)
            try await old.hasRows(2)
            expect(try await old.fairlead("backup", "now"), status: 0)
            let saved = 2
            try await move.oldGoesDown()
            try move.configure(new, "new", ["takeOverWait": "1h"])
            try await move.commitMove(keepingOld: false)
            expect(try await new.fairlead("reconcile"), status: 5, saying: "1h at most")
            try move.configure(new, "new", ["takeOverWait": "1s"])
            try await Task.sleep(for: .seconds(2))
            expect(
                try await new.fairlead("reconcile"), status: 0, saying: "made no last backup within 1s",
                "of 'old' (0 min old")
            #expect(await new.served() == "1.0.0")
            #expect(Array(new.rows.prefix(saved)) == ["1", "2"])
            expect(try await new.fairlead("backup", "now"), status: 0)

            expect(
                try await old.fairlead("reconcile"), status: 5, saying: "it runs there already and made run",
                "is on this host only")
            #expect(try await old.containers() == [])
            #expect(move.runs(of: "old").count == 1)
            #expect(try old.movedSubjects() == ["moved to new: this host is containerless"])
        }
    }

    @Test("as files, where its backups are dumps: nothing has to run for the last one")
    func dumps() async throws {
        let hook = #"{"mode": "hook", "dump": ["cat", "/data/rows"], "load": ["cat"]}"#
        try await Move.begun(volume: hook) { move in
            try await move.commitMove(volume: hook)
            // Also after a power cut, when no container is there to dump anything.
            try await move.oldGoesDown()
            expect(try await move.old.fairlead("reconcile"), status: 5, saying: "is delivered")
            let run = try #require(move.runs(of: "old").last)
            #expect(FileManager.default.fileExists(atPath: "\(run)/database.tar.zst.age.0000"))
            expect(try await move.new.fairlead("reconcile"), status: 0)
            #expect(Array(move.new.rows.prefix(move.old.rows.count)) == move.old.rows)
        }
    }

    @Test("not while no storage answers: the stack runs on, and moves when one does")
    func storageDead() async throws {
        try await Move.begun { move in
            let old = move.old
            try move.breakStorage()
            try await move.commitMove()
            expect(try await old.fairlead("reconcile"), status: 3, saying: "'\(move.storage)' is no directory")
            #expect(await old.served() == "1.0.0")
            try await Task.sleep(for: .seconds(2))
            expect(try await old.fairlead("reconcile"), status: 3)
            #expect(try old.movedSubjects().count == 1, "told once")
            try move.mendStorage()
            try await Task.sleep(for: .seconds(3))
            expect(try await old.fairlead("reconcile"), status: 5, saying: "is delivered")
            #expect(try old.movedSubjects().last == "moved to new: this host is containerless")
            #expect(try await old.journal().failures().isEmpty)
        }
    }

    @Test("with a last backup that waits on the old host until the storage answers again, also after a crash")
    func storageDies() async throws {
        try await Move.begun { move in
            let old = move.old
            try await move.commitMove()
            await #expect(throws: (any Error).self) {
                _ = try await old.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": "before stop"])
            }
            #expect(await old.served() == "1.0.0")
            try move.breakStorage()
            for _ in 1...2 {
                expect(
                    try await old.fairlead("reconcile"), status: 5, saying: "is made and waits on this host",
                    "is no directory")
                #expect(try await old.containers() == [])
                try await Task.sleep(for: .seconds(2))
            }
            #expect(
                try Set(old.movedSubjects()) == [
                    "backup not delivered to 'nas'", "moved to new: this host is containerless",
                ])
            #expect(try old.movedSubjects().count == 2)
            try move.mendStorage()
            try await Task.sleep(for: .seconds(3))
            expect(try await old.fairlead("reconcile"), status: 5, saying: "is delivered")
            #expect(move.runs(of: "old").count == 1)
            expect(try await move.new.fairlead("reconcile"), status: 0)
            #expect(Array(move.new.rows.prefix(old.rows.count)) == old.rows)
        }
    }

    @Test("not while a data directory is missing: the stack is not even stopped for a last backup that would lack it")
    func missingData() async throws {
        try await Move.begun { move in
            let old = move.old
            let (data, away) = ("\(old.dataDirectory)/database", "\(old.scratch.path)/away")
            try await old.hasRows(3)
            try await move.commitMove()
            let starts = old.data("database/starts")
            try FileManager.default.moveItem(atPath: data, toPath: away)
            let refused = try await old.fairlead("reconcile")
            expect(refused, status: refused.status, saying: "'database'")
            #expect(refused.status != 0)
            #expect(await old.served() == "1.0.0")
            #expect(move.runs(of: "old") == [])
            try FileManager.default.moveItem(atPath: away, toPath: data)
            #expect(old.data("database/starts") == starts)
            expect(try await old.fairlead("retry"), status: 0)
            expect(try await old.fairlead("reconcile"), status: 5, saying: "is delivered")
        }
    }

    @Test("only with keys that fit, and says which line of the plan is missing")
    func trust() async throws {
        try await Move.begun(opening: \.old) { move in
            let (old, new) = (move.old, move.new)
            try await move.commitMove(trusting: [new], opening: [old])
            expect(try await old.fairlead("reconcile"), status: 5)
            #expect(try await old.fairlead("doctor").text.contains("signs as \"\(try old.publicKey())\""))
            #expect(try await new.fairlead("doctor").text.contains("opens as \"\(try await new.recipient())\""))
            expect(
                try await new.fairlead("reconcile"), status: 3,
                saying: #""backup": {"signers": ["old \#(try old.publicKey())"]}"#)
            try await move.commitMove(opening: [old])
            expect(try await old.fairlead("reconcile"), status: 5)
            expect(
                try await new.fairlead("reconcile"), status: 3, saying: "it is encrypted for others",
                "recoveryIdentity",
                try await new.recipient())
            #expect(try await new.containers() == [])
            // The customer's recovery key, brought for the time of the recovery.
            try move.configure(new, "new", ["recoveryIdentity": "\(old.scratch.path)/age.key"])
            expect(try await new.fairlead("reconcile", "--force"), status: 0)
            #expect(Array(new.rows.prefix(old.rows.count)) == old.rows)
        }
    }
}
