import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "A backup before a change, and the way back in one command", .enabled(if: VSN.backupUnavailable == nil),
    .timeLimit(.minutes(15)))
struct RollbackTests {
    @Test("after a failed version has migrated the data, one command brings back plan and data, without a registry")
    func failedVersion() async throws {
        try await VSN.migrating { vsn in
            let bad = try await vsn.commitFormat(2, .migratesOnly)
            expect(try await vsn.fairlead("reconcile"), status: 4, saying: "'fairlead rollback' brings back 1.0.0")
            #expect(vsn.format == "2")
            #expect(try await vsn.containers() == [])
            let failed = try #require(try await vsn.deployments().first)
            let run = try #require(failed.snapshot?.run)
            #expect(failed.changes.contains { $0.text.contains("data copied before the change: run \(run)") })
            #expect(try await vsn.fairlead("show", "\(failed.id)").text.contains("run \(run)"))
            #expect(try await vsn.fairlead("history").text.contains("\(run)"))

            vsn.registry.shutDown()
            let asked = try await vsn.fairlead("rollback")
            expect(asked, status: 1, saying: "to    1.0.0", "run \(run)", "'--yes' does it without asking")
            #expect(try await vsn.containers() == [])
            expect(
                try await vsn.fairlead("rollback", "--yes"), status: 0,
                saying: "rolled back to 1.0.0", "revert '\(bad.prefix(10))' (Ada Author: “Format 2”) in the repo")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
            #expect(vsn.customerRows == "customers")
            let back = try #require(try await vsn.deployments().first)
            #expect(back.trigger == .rollBack && back.outcome == .deployed && back.restored == run)

            // What the failed version left is not lost.
            let aside = try #require(vsn.snapshots().first)
            #expect(back.changes.contains { $0.text.contains("\(aside)/data") })
            #expect(try String(contentsOfFile: "\(aside)/data/database/format", encoding: .utf8) == "2\n")

            let poll = try await vsn.fairlead("reconcile")
            expect(poll, status: 5)
            #expect(try await vsn.deployments().first?.id == back.id)
            #expect(await vsn.served() == "1.0.0")
            let status = try await vsn.fairlead("status").text
            #expect(status.contains("an operator rolled back to 1.0.0"), "\(status)")
            #expect(status.contains("revert '\(bad.prefix(10))'"), "\(status)")

            try await vsn.registry.start()
            try await vsn.commitFormat(3)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "3.0.0")
            #expect(vsn.format == "3")
        }
    }

    @Test("a correction that fails or is refused still names the way back")
    func failedCorrection() async throws {
        try await VSN.migrating { vsn in
            var upgrades: [String] = []
            for format in 2...3 {
                upgrades.append(String(try await vsn.commitFormat(format, .migratesOnly).prefix(10)))
                let failed = try await vsn.fairlead("reconcile")
                expect(failed, status: 4, saying: "'fairlead rollback' brings back 1.0.0 with the data of before")
            }
            // There is no such image: this one is refused before anything is touched, and nothing runs all the same.
            upgrades.append(String(try await vsn.commitFormat(4).prefix(10)))
            expect(
                try await vsn.fairlead("reconcile"), status: 3,
                saying: "'fairlead rollback' brings back 1.0.0 with the data of before")
            // Reverting the newest alone would bring back the one before.
            expect(
                try await vsn.fairlead("rollback", "--yes"), status: 0, saying: "rolled back to 1.0.0",
                "revert '\(upgrades[2])' (Ada Author: “Format 4”), then '\(upgrades[1])' (Ada Author: “Format 3”), then "
                    + "'\(upgrades[0])' (Ada Author: “Format 2”)")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
        }
    }

    @Test("a version that is healthy and wrong is taken back, not deployed again by the next poll, and can come back")
    func healthyButWrong() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try vsn.write(rows: "written by 2.0.0")
            let wrong = try #require(try await vsn.journal().deployedState())
            // T1: what comes back has to fit the policy of now.
            try await vsn.makeBackupKeys(["policy": ["profile": "trusted", "userns": "required"]])
            expect(
                try await vsn.fairlead("rollback", "--yes"), status: 1, saying: "cannot roll back to 1.0.0",
                #""policy": {"userns": "allowed"}"#)
            #expect(await vsn.served() == "2.0.0")
            try await vsn.makeBackupKeys()
            vsn.registry.shutDown()
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.customerRows == "customers")
            let count = try await vsn.deployments().count
            for _ in 0..<2 { expect(try await vsn.fairlead("reconcile"), status: 5) }
            #expect(try await vsn.deployments().count == count)
            let held = try await vsn.fairlead("status", "--exit-code").text
            #expect(held.contains("was rolled back by an operator") && !held.contains("failed"), "\(held)")

            // The data that was set aside, and its images, come back by number.
            expect(try await vsn.fairlead("rollback", "--list"), status: 0, saying: "--to \(wrong.deployment)")
            expect(try await vsn.fairlead("rollback", "--to", "\(wrong.deployment)", "--yes"), status: 0)
            #expect(await vsn.served() == "2.0.0")
            #expect(vsn.customerRows == "written by 2.0.0")
            // It is what the branch asks for: nothing has failed, and nothing is held back.
            let status = try await vsn.fairlead("status").text
            #expect(!status.contains("failed") && !status.contains("rolled back"), "\(status)")
            #expect(try await vsn.journal().failures() == [])
            expect(try await vsn.fairlead("reconcile"), status: 0)
            expect(try await vsn.fairlead("rollback", "--to", "77", "--yes"), status: 1, saying: "deployment 77")
        }
    }

    @Test("J3: what is to be reverted is the commit that upgraded, not the one on top; reverting it is all it takes")
    func revertedCommit() async throws {
        try await VSN.migrating { vsn in
            let upgrade = try await vsn.commitFormat(2)
            try vsn.repo.write("README.md", "words")
            let typo = try vsn.repo.commit("fix a typo", by: "Bob")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let words = "revert '\(upgrade.prefix(10))' (Ada Author: “Format 2”) in the repo"
            let asks = "the branch still asks for \(typo.prefix(10))"
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0, saying: asks, words)
            let status = try await vsn.fairlead("status").text
            #expect(status.contains(words) && !status.contains("revert '\(typo.prefix(10))'"), "\(status)")

            try vsn.repo.revert(upgrade)
            expect(try await vsn.fairlead("reconcile"), status: 0, saying: "nothing to deploy")
            #expect(try await vsn.journal().failures() == [])
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a maintenance that begins between the question and its answer wins: nothing is rolled back")
    func heldMeanwhile() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let last = try #require(try await vsn.deployments().first)
            // A terminal, at which somebody answers later.
            let script = #"""
                said=$2
                {
                    until grep -q 'roll back?' "$said"; do sleep 0.1; done
                    "$0" maintenance begin --config "$1" >&2
                    echo y
                } | script --quiet --flush --return --command "'$0' rollback --config '$1'" "$said"
                """#
            let said = try vsn.scratch.write("", to: "said")
            let asked = try await Command(
                "/bin/bash", ["-c", script, FairleadBinary.path, vsn.configuration, said],
                environment: vsn.environment, deadline: .seconds(240)
            ).runToEnd()
            expect(asked, status: 1, saying: "cannot roll back: held back meanwhile: ", "fairlead maintenance end")
            #expect(vsn.format == "2")
            #expect(try await vsn.deployments().first?.id == last.id)
            expect(try await vsn.fairlead("maintenance", "end"), status: 0)
            #expect(await vsn.served() == "2.0.0")
        }
    }

    @Test("while a data directory is away, or another one lies in its place, nothing is rolled back")
    func displaced() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let running = try #require(try await vsn.deployments().first)
            let data = "\(vsn.dataDirectory)/database"
            let away = "\(vsn.scratch.path)/away"
            try FileManager.default.moveItem(atPath: data, toPath: away)
            expect(
                try await vsn.fairlead("rollback", "--yes"), status: 3,
                saying: "the data of 'database' was on this host and is gone", "move it back")
            // What a mount point is without its disk.
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
            expect(
                try await vsn.fairlead("rollback", "--yes"), status: 3,
                saying: "another directory lies in the place", "fairlead adopt --data database")
            #expect(try FileManager.default.contentsOfDirectory(atPath: data) == [])
            #expect(try await vsn.journal().deployedState()?.deployment == running.id)

            // Where it is lost, somebody says so.
            try FileManager.default.removeItem(atPath: data)
            expect(try await vsn.fairlead("adopt", "--data", "database"), status: 0)
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0, saying: "rolled back to 1.0.0")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
        }
    }

    @Test("a roll back whose data cannot be exchanged starts again what ran, on its own data, and can be done later")
    func failedExchange() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let data = "\(vsn.dataDirectory)/database"
            try TestProgram("chattr", ["+i", data]).run()
            let failed = try await vsn.fairlead("rollback", "--yes")
            try TestProgram("chattr", ["-i", data]).run()
            #expect(failed.status != 0, "\(failed.text)")
            #expect((failed.text + failed.errorTail).contains("lsattr -d"), "\(failed.text)\(failed.errorTail)")
            #expect(await vsn.served() == "2.0.0")
            #expect(vsn.format == "2")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0, saying: "rolled back to 1.0.0")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
        }
    }

    @Test("'fairlead retry' deploys what was rolled back again, on a new copy")
    func retry() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0)
            expect(try await vsn.fairlead("retry"), status: 0)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "2.0.0")
            expect(try await vsn.fairlead("rollback", "--yes"), status: 0)
            #expect(vsn.format == "1")
        }
    }

    @Test("onFailure 'previous' starts the version of before on the data of before")
    func previous() async throws {
        try await VSN.migrating(onFailure: "previous") { vsn in
            try await vsn.commitFormat(2, .migratesOnly, onFailure: "previous")
            expect(try await vsn.fairlead("reconcile"), status: 4)
            #expect(try await vsn.deployments().first?.outcome == .previous)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
            #expect(vsn.customerRows == "customers")
            let aside = try #require(vsn.snapshots().first)
            #expect(try String(contentsOfFile: "\(aside)/data/database/format", encoding: .utf8) == "2\n")
        }
    }

    @Test("a copy that would fill the disk refuses the deployment, and the stack runs on")
    func noRoom() async throws {
        try await VSN.migrating(diskSize: "64m") { vsn in
            let web = try await vsn.containerID("web")
            try Data(repeating: 7, count: 40 << 20).write(to: URL(filePath: "\(vsn.dataDirectory)/database/big"))
            try await vsn.commitFormat(2)
            expect(
                try await vsn.fairlead("reconcile"), status: 3, saying: "there is no room for the copy of the data",
                #""beforeDeploy": "none""#)
            #expect(try await vsn.containerID("web") == web)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
            try await vsn.commitFormat(2, keep: #""none""#)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "2.0.0")
            #expect(vsn.snapshots() == [])
        }
    }

    @Test("a copy that fails when the stack is stopped brings the stack back on its untouched data")
    func failingCopy() async throws {
        try await VSN.migrating { vsn in
            let program = "\(vsn.cron.root)/bin/cp"
            try vsn.scratch.install("#!/bin/sh\necho the disk is broken >&2\nexit 1\n", to: "cp")
            try TestProgram("install", ["-m", "755", "\(vsn.scratch.path)/cp", program]).run()
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("reconcile"), status: 4, saying: "the disk is broken")
            #expect(try await vsn.deployments().first?.outcome == .previous)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.format == "1")
            #expect(vsn.snapshots() == [])
        }
    }

    @Test("'plan' says what the copy costs, as far as that is known")
    func prediction() async throws {
        try await VSN.migrating { vsn in
            try await vsn.commitFormat(2)
            expect(try await vsn.fairlead("plan"), status: 2, saying: "'database' is copied first", "not known yet")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try await vsn.commitFormat(3)
            expect(
                try await vsn.fairlead("plan"), status: 2, saying: "'database' is copied first: about", "the last time")
            try await vsn.commitFormat(3, keep: #""none""#)
            let none = try await vsn.fairlead("plan")
            #expect(!none.text.contains("copied first"))
        }
    }
}
