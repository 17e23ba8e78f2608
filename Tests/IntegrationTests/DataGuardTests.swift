import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "S7: nothing that is deployed is started on other data than its own", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(10)))
struct DataGuardTests {
    @Test("a disk that is not mounted after a boot: nothing is started, people hear of it, it starts when it is back")
    func unmountedDisk() async throws {
        try await VSN.withDisk { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try await vsn.unmount()
            let held = try await vsn.fairlead("reconcile")
            let said = held.text + held.errorTail
            #expect(held.status == 5 && said.contains("another directory lies in the place"), "\(said)")
            #expect(said.contains("'fairlead adopt --data database'"))
            #expect(try await vsn.running() == [])
            #expect(try vsn.names(in: "database") == [], "the mount point stays as it is")
            let incident = try #require(try await vsn.journal().openIncidents().first)
            #expect(incident.kind == .deployment && incident.subject == "boot")
            #expect(incident.events.first?.details.reason.contains("the data of 'database' is not there") == true)
            #expect(try await vsn.fairlead("status").text.contains("another directory lies in the place"))

            try await vsn.withDaemon { _ in
                try await vsn.waits("for a further try") { try await vsn.deployments().count > 2 }
                #expect(try await vsn.running() == [])
                try await vsn.mount()
                try await vsn.waits("for the stack") { await vsn.served() == "1.0.0" }
                try await vsn.waits("for the end of the incident") { try await vsn.openSubjects() == [] }
            }
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    @Test("what the engine itself started after a boot, on the mount point of a disk that is not mounted, is stopped")
    func startedByEngine() async throws {
        try await VSN.withDisk { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try await vsn.unmount()
            try await vsn.sandbox.podman("start", "--all")
            try vsn.losesMemory()
            let held = try await vsn.fairlead("reconcile")
            #expect(held.status == 5, "\(held.text)\(held.errorTail)")
            #expect(try await vsn.running() == [])
            #expect(try await vsn.openSubjects() == ["boot"])
            try await vsn.mount()
            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    @Test("below a running stack: what became of a data directory is told and shown while it runs on, until it is back")
    func underRunningStack() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            try vsn.move("database", to: "away")
            let kept = try await vsn.fairlead("reconcile")
            #expect(kept.status == 0, "\(kept.text)\(kept.errorTail)")
            #expect(try await vsn.containerID("database") == database)
            let status = try await vsn.fairlead("status", "--exit-code")
            #expect(status.status == 3, "\(status.text)")
            #expect(status.text.contains("data directory 'database' is missing"), "\(status.text)")
            let incident = try #require(try await vsn.journal().openIncidents().first)
            #expect(incident.kind == .drift)
            #expect(incident.events.first?.details.reason.contains("'fairlead adopt --data database'") == true)

            try vsn.move("away", to: "database")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.openSubjects() == [])
            let whole = try await vsn.fairlead("status", "--exit-code")
            #expect(whole.status != 3 && !whole.text.contains("data directory"), "\(whole.text)")
            #expect(try await vsn.containerID("database") == database)
        }
    }

    @Test("what the engine restarts after a crash, on the mount point of a disk that went meanwhile, is stopped")
    func restartedByEngine() async throws {
        try await VSN.withDisk { vsn in
            try await vsn.detach()
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.running().count == 2, "what runs on its own disk runs on")
            try await vsn.sandbox.podman("restart", "--time", "0", "\(vsn.stack)-database")
            let held = try await vsn.fairlead("reconcile")
            #expect((held.text + held.errorTail).contains("another directory lies in the place"))
            // What works on data of its own, or on none, runs on.
            #expect(try await vsn.running() == ["\(vsn.stack)-web"])
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.openSubjects() == ["database", "stack"], "its removal, and what was told before it")
            let removal = try await vsn.journal().openIncidents().first { $0.subject == "database" }
            let told = removal?.events.first?.details
            #expect(told?.action.contains("the rest of the stack runs on") == true, "\(told?.action ?? "")")
            try await vsn.mount()
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the stack") { await vsn.served() == "1.0.0" }
                try await vsn.waits("for the end of the incidents") { try await vsn.openSubjects() == [] }
            }
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    @Test(
        "a link to other data in the place of a data directory: it is not saved, and what the engine starts on it is stopped",
        .enabled(if: VSN.backupUnavailable == nil))
    func linked() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            #expect(try await vsn.deployAndBackUp("customers").status == 0)
            let runs = try vsn.runs()
            try vsn.move("database", to: "away")
            let other = "\(vsn.scratch.path)/other"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
            try Data("of others".utf8).write(to: URL(filePath: "\(other)/rows"))
            try vsn.makeOpen(other)
            try vsn.link("database", to: other)
            let saved = try await vsn.fairlead("backup", "now")
            #expect(saved.status == 1, "\(saved.text)\(saved.errorTail)")
            #expect((saved.text + saved.errorTail).contains("a link or a file lies in the place"))
            #expect(try vsn.runs() == runs, "the newest backup is that of the own data")
            #expect(try await vsn.openSubjects() == ["backup"])
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.running().count == 2, "what runs on its own data runs on")

            try await vsn.sandbox.podman("restart", "--time", "0", "\(vsn.stack)-database")
            let held = try await vsn.fairlead("reconcile")
            #expect((held.text + held.errorTail).contains("another directory lies in the place"), "\(held.errorTail)")
            #expect(try await vsn.running() == ["\(vsn.stack)-web"])
            let adopted = try await vsn.fairlead("adopt", "--data", "database")
            #expect(adopted.status != 0 && adopted.errorTail.contains("has to be a directory"), "\(adopted.errorTail)")
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database")
            try vsn.move("away", to: "database")
            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.running().count == 2)
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    @Test("a file in the place of a data directory is told, and the rest of the stack is looked after")
    func file() async throws {
        try await VSN.deployed { vsn in
            try vsn.move("database", to: "away")
            try Data("a file".utf8).write(to: URL(filePath: "\(vsn.dataDirectory)/database"))
            let database = try await vsn.containerID("database")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            let repaired = try await vsn.fairlead("reconcile")
            #expect(repaired.status == 0, "\(repaired.text)\(repaired.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containerID("database") == database)
            let status = try await vsn.fairlead("status", "--exit-code")
            #expect(status.status == 3, "\(status.text)")
            #expect(status.text.contains("'database' has a link or a file in its place"), "\(status.text)")
            let seen = try await vsn.fairlead("reconcile")
            #expect(seen.status == 0, "\(seen.text)\(seen.errorTail)")
            #expect(try await vsn.openSubjects() == ["stack"])
            let adopted = try await vsn.fairlead("adopt", "--data", "database")
            #expect(adopted.status != 0 && adopted.errorTail.contains("has to be a directory"), "\(adopted.errorTail)")

            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database")
            try vsn.move("away", to: "database")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test("a data directory whose disk fails is told, and the rest of the stack is looked after")
    func unreadable() async throws {
        try await VSN.deployed { vsn in
            let place = "\(vsn.dataDirectory)/database"
            try DeadDisk.mount(at: place)
            defer { try? DeadDisk.unmount(place) }
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "1.0.0")
            expect(
                try await vsn.fairlead("status", "--exit-code"), status: 3,
                saying: "data directory 'database' cannot be read", "journalctl -k")
            expect(try await vsn.fairlead("adopt", "--data", "database"), status: 1, saying: "cannot be read")
            _ = try await vsn.fairlead("reconcile")
            #expect(try await vsn.openSubjects() == ["stack"])
            try DeadDisk.unmount(place)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test(
        "a file or a link in the place of all data: told, nothing is started on it, and copies behind it are not called lost",
        arguments: ["file", "symlink"])
    func stackObstacle(kind: String) async throws {
        try await VSN.deployed { vsn in
            let away = "\(vsn.scratch.path)/all-data"
            expect(try await vsn.fairlead("rollback", "--list"), status: 0, saying: "there is no copy")
            try FileManager.default.moveItem(atPath: vsn.dataDirectory, toPath: away)
            for arguments in [["--list"], ["--yes"]] {
                expect(
                    try await vsn.fairlead(["rollback"] + arguments), status: 1,
                    saying: "cannot look for copies of the data: '\(vsn.dataDirectory)' is missing", "mount the disk")
            }
            // As the mount point of a disk that is not mounted.
            try FileManager.default.createDirectory(atPath: vsn.dataDirectory, withIntermediateDirectories: false)
            expect(
                try await vsn.fairlead("rollback", "--list"), status: 1,
                saying: "no data directory of the stack is in '\(vsn.dataDirectory)'", "mount the disk")
            try FileManager.default.removeItem(atPath: vsn.dataDirectory)
            if kind == "file" {
                try Data("a file".utf8).write(to: URL(filePath: vsn.dataDirectory))
            } else {
                try FileManager.default.createSymbolicLink(atPath: vsn.dataDirectory, withDestinationPath: away)
            }
            for arguments in [["--list"], ["--yes"]] {
                expect(
                    try await vsn.fairlead(["rollback"] + arguments), status: 1,
                    saying: "'\(vsn.dataDirectory)' is a \(kind), but has to be a directory", "bring the directory back"
                )
            }
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "1.0.0", "it has no data")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-database")
            for _ in 0..<2 {
                let refused = try await vsn.fairlead("reconcile")
                #expect((refused.text + refused.errorTail).contains("is a \(kind), but has to be a directory"))
            }
            let status = try await vsn.fairlead("status", "--exit-code")
            let words = "'database' has a link or a file in its place or above it"
            #expect(status.status == 3 && status.text.contains(words), "\(status.text)")
            #expect(try await !vsn.openSubjects().isEmpty)
            try FileManager.default.removeItem(atPath: vsn.dataDirectory)
            try FileManager.default.moveItem(atPath: away, toPath: vsn.dataDirectory)
            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test("a directory that was moved away: without 'backup' too a redeploy is refused, and the running stack stays")
    func movedAway() async throws {
        try await VSN.deployed { vsn in
            try await vsn.publish("1.1.0")
            let web = try await vsn.containerID("web")
            try vsn.move("database", to: "away")
            try vsn.commit("1.1.0")
            let planned = try await vsn.fairlead("plan")
            #expect(planned.status == 1, "\(planned.text)\(planned.errorTail)")
            #expect(planned.text.contains("would be refused: the data of 'database' was on this host and is gone"))
            for arguments in [["reconcile"], ["reconcile", "--force"]] {
                let refused = try await vsn.fairlead(arguments)
                let said = refused.text + refused.errorTail
                #expect(refused.status == 3, "\(said)")
                #expect(said.contains("the data of 'database' was on this host and is gone"), "\(said)")
                #expect(said.contains("'fairlead adopt --data database'") && !said.contains("--force'"))
            }
            #expect(try await vsn.containerID("web") == web)
            #expect(await vsn.served() == "1.0.0")
            #expect(!FileManager.default.fileExists(atPath: "\(vsn.dataDirectory)/database"))
            // The refused deployment, and the stack that runs on without its directory.
            #expect(try await vsn.openSubjects() == ["stack", "stack"])
            #expect(try await vsn.fairlead("doctor").text.contains("'database' is missing"))

            // Six tries are more than a failure that may pass gets.
            try await vsn.withDaemon { _ in
                try await vsn.waits("for further tries") { try await vsn.deployments().count > 7 }
                try vsn.move("away", to: "database")
                try await vsn.waits("for the new version") { await vsn.served() == "1.1.0" }
                try await vsn.waits("for the end of the incident") { try await vsn.openSubjects() == [] }
            }
        }
    }

    @Test("a repair of a container starts nothing on a directory that was moved away")
    func repair() async throws {
        try await VSN.deployed { vsn in
            try vsn.move("database", to: "away")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-database")
            _ = try await vsn.fairlead("reconcile")
            #expect(try await vsn.running() == ["\(vsn.stack)-web"])
            #expect(!FileManager.default.fileExists(atPath: "\(vsn.dataDirectory)/database"))
            #expect(try await vsn.openSubjects() == ["database"])
            try vsn.move("away", to: "database")
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the repair") { try await vsn.running().count == 2 }
            }
        }
    }

    @Test("S7: the repair of another container forgets nothing of a directory that is away")
    func repairOfAnother() async throws {
        try await VSN.deployed { vsn in
            try vsn.move("database", to: "away")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await vsn.running().count == 2)
            // A mount point that the host makes at boot, of a disk that is not there.
            try FileManager.default.createDirectory(
                atPath: "\(vsn.dataDirectory)/database", withIntermediateDirectories: false)
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-database")
            let held = try await vsn.fairlead("reconcile")
            #expect((held.text + held.errorTail).contains("another directory lies in the place"), "\(held.text)")
            #expect(try await vsn.running() == ["\(vsn.stack)-web"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(vsn.dataDirectory)/database") == [])
        }
    }

    @Test("a directory emptied by hand: nothing starts on it, and each printed way back works")
    func emptied() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.empty("database")
            let held = try await vsn.fairlead("reconcile")
            let said = held.text + held.errorTail
            #expect(held.status == 5 && said.contains("and the directory is empty now"), "\(said)")
            #expect(try await vsn.running() == [])
            let maintained = try await vsn.fairlead("maintenance", "begin")
            #expect(maintained.status == 0, "\(maintained.errorTail)")
            let end = try await vsn.fairlead("maintenance", "end")
            #expect(end.status != 0 && end.errorTail.contains("and the directory is empty now"), "\(end.errorTail)")

            let adopted = try await vsn.fairlead("adopt", "--data", "database")
            #expect(adopted.status == 0, "\(adopted.errorTail)")
            #expect(adopted.text.contains("data directory 'database' taken as it is, empty"))
            expect(
                try await vsn.fairlead("history"), status: 0,
                saying: "adopted", "by root", "data directory 'database' taken as it is, empty")
            #expect(try await vsn.fairlead("maintenance", "end").status == 0)
            #expect(await vsn.served() == "1.0.0")

            // The word in the plan is for services that do it again and again, and replaces no container.
            let database = try await vsn.containerID("database")
            try vsn.commit("1.0.0", changes: VSN.queue)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.containerID("database") == database)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.empty("database")
            let started = try await vsn.fairlead("reconcile")
            #expect(started.status == 0, "\(started.text)\(started.errorTail)")
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test(
        "an emptied directory of a plan with backups comes back by the line that the refusal prints, after a boot too",
        .enabled(if: VSN.backupUnavailable == nil))
    func emptiedWithBackup() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            #expect(try await vsn.deployAndBackUp("customers").status == 0)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.empty("database")
            let held = try await vsn.fairlead("reconcile")
            let said = held.text + held.errorTail
            #expect(held.status == 5, "\(said)")
            #expect(said.contains("'fairlead reconcile --force' restores the newest backup"), "\(said)")
            #expect(try vsn.names(in: "database") == [])
            let forced = try await vsn.fairlead("reconcile", "--force")
            #expect(forced.status == 0, "\(forced.text)\(forced.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.data("database/rows") == "customers")
            #expect(try await vsn.openSubjects() == [])
        }
    }

    @Test(
        "the copy from before the last change outlasts a loss of the data: none is made of what is lost",
        .enabled(if: VSN.backupUnavailable == nil))
    func keptCopy() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            #expect(try await vsn.deployAndBackUp("customers").status == 0)
            try await vsn.commitWithBackup("1.1.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let copies = try vsn.names(in: ".fairlead-before")
            #expect(copies.count == 1)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.empty("database")
            let forced = try await vsn.fairlead("reconcile", "--force")
            #expect(forced.status == 0, "\(forced.text)\(forced.errorTail)")
            #expect(vsn.data("database/rows") == "customers")
            #expect(try vsn.names(in: ".fairlead-before") == copies)
        }
    }

    @Test(
        "what no backup holds does not start empty: neither by an operator's '--force' nor after a teardown",
        .enabled(if: VSN.backupUnavailable == nil))
    func neverSaved() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.move("database", to: "away")
            try vsn.makeOpen("\(vsn.dataDirectory)/database")
            for before in [nil, "teardown"] {
                if let before {
                    #expect(try await vsn.fairlead(before, "--yes").status == 0)
                    #expect(try await vsn.fairlead("resume").status == 0)
                    expect(
                        try await vsn.fairlead("plan"), status: 1,
                        saying: "install", "would be refused: the data of 'database'", "no backup holds it")
                }
                let held = try await vsn.fairlead("reconcile", "--force")
                let said = held.text + held.errorTail
                #expect(held.status != 0 && said.contains("no backup holds it"), "\(said)")
                #expect(try vsn.names(in: "database") == [])
                #expect(try await vsn.running() == [])
            }
            let tried = try await vsn.fairlead("reconcile")
            #expect(tried.status != 0, "\(tried.text)")
            #expect(try vsn.names(in: "database") == [])
            #expect(try await vsn.fairlead("adopt", "--data", "database").status == 0)
            let started = try await vsn.fairlead("reconcile")
            #expect(started.status == 0, "\(started.text)\(started.errorTail)")
        }
    }

    @Test("a missing directory is made anew by an operator's word, and by nothing else")
    func adoptedMissing() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.move("database", to: "away")
            #expect(try await vsn.fairlead("reconcile").status == 5)
            let unknown = try await vsn.fairlead("adopt", "--data", "databse")
            #expect(unknown.status != 0 && unknown.errorTail.contains("it has 'database'"), "\(unknown.errorTail)")
            let adopted = try await vsn.fairlead("adopt", "--data", "database")
            #expect(adopted.status == 0 && adopted.text.contains("'database' made anew, empty"), "\(adopted.errorTail)")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            let mark = try #require(try await vsn.journal().rememberedData()[vsn.stack]?["database"])
            #expect(mark.adopted?.from.contains("inode") == true, "what it was is on record")
        }
    }

    @Test("data that was copied to another disk is taken by 'adopt'")
    func adoptedCopy() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.move("database", to: "away")
            try FileManager.default.copyItem(
                atPath: "\(vsn.dataDirectory)/away", toPath: "\(vsn.dataDirectory)/database")
            #expect(try await vsn.fairlead("reconcile").status == 5)
            let adopted = try await vsn.fairlead("adopt")
            #expect(adopted.status == 0 && adopted.text.contains("'database' taken as it is"), "\(adopted.errorTail)")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("one of journal and file is enough to know it; on a host that an older version deployed it is learnt")
    func memory() async throws {
        try await VSN.deployed { vsn in
            let file = "\(vsn.dataDirectory)/.fairlead-data.json"
            try await vsn.forgetData()
            try FileManager.default.removeItem(atPath: file)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let known = try await vsn.journal().rememberedData()[vsn.stack]
            #expect(known?["database"]?.held == true)
            #expect(FileManager.default.fileExists(atPath: file))

            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.empty("database")
            try await vsn.forgetData()
            #expect(try await vsn.fairlead("reconcile").status == 5, "the file knows it")
            try await vsn.forgetData()
            try FileManager.default.removeItem(atPath: file)
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the stack") { await vsn.served() == "1.0.0" }
            }
        }
    }

    @Test("a failed version is not rolled back to the previous one on data that went meanwhile")
    func rollBack() async throws {
        try await VSN.deployed { vsn in
            try vsn.commit("1.0.0", changes: VSN.losing)
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status != 0)
            #expect(try await vsn.deployments().first?.outcome == .containerless, "\(failed.text)\(failed.errorTail)")
            #expect(try await vsn.running() == [])
            // It was never put in order: the next version does not start on nothing either.
            try vsn.commit("1.0.0", "Again")
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3, "\(refused.text)\(refused.errorTail)")
            #expect((refused.text + refused.errorTail).contains("and the directory is empty now"))
        }
    }
}

extension VSN {
    fileprivate static let queue = """
        {"containers": {"database": {"volumes": [
            {"data": "database", "target": "/data", "owner": "999:999", "mode": "0700", "mayBeEmpty": true}]}}}
        """

    /// A version whose database removes all that it has, and ends.
    fileprivate static let losing = """
        {"onFailure": "previous", "containers": {"database": {"command": ["/bin/sh", "-c", "rm -rf /data/*; exit 1"]}}}
        """

    /// One that runs version 1.0.0 with the database's directory on a disk of its own.
    fileprivate static func withDisk(_ body: (VSN) async throws -> Void) async throws {
        try await with { vsn in
            let disk = vsn.disk
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
            try await vsn.call("mount", "-t", "tmpfs", "-o", "size=8m,mode=0777", "tmpfs", disk)
            var failure: (any Error)?
            do {
                let point = "\(vsn.dataDirectory)/database"
                try FileManager.default.createDirectory(atPath: point, withIntermediateDirectories: true)
                try await vsn.mount()
                try await vsn.publish("1.0.0")
                try vsn.commit("1.0.0")
                let first = try await vsn.fairlead("reconcile")
                #expect(first.status == 0, "\(first.text)\(first.errorTail)")
                try Data("customers".utf8).write(to: URL(filePath: "\(point)/rows"))
                try await body(vsn)
            } catch {
                failure = error
            }
            try? await vsn.unmount()
            try await vsn.call("umount", "--lazy", disk)
            if let failure { throw failure }
        }
    }

    private var disk: String { "\(scratch.path)/disk" }

    fileprivate func mount() async throws { try await bind(disk, to: "\(dataDirectory)/database") }
    fileprivate func unmount() async throws { try await unbind("\(dataDirectory)/database") }

    /// As an unmount of what is in use: those that hold it keep it.
    fileprivate func detach() async throws { try await call("umount", "--lazy", "\(dataDirectory)/database") }

    fileprivate func names(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(dataDirectory)/\(directory)")
    }

    fileprivate func move(_ name: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: "\(dataDirectory)/\(name)", toPath: "\(dataDirectory)/\(other)")
    }

    fileprivate func link(_ name: String, to directory: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(dataDirectory)/\(name)", withDestinationPath: directory)
    }

    fileprivate func empty(_ directory: String) throws {
        for name in try names(in: directory) {
            try FileManager.default.removeItem(atPath: "\(dataDirectory)/\(directory)/\(name)")
        }
    }

    /// As in the journal of an older version.
    fileprivate func forgetData() async throws { try await ownJournal().rememberData([:], of: stack) }

    private func ownJournal() throws -> Journal {
        try Journal.open(
            at: "\(scratch.path)/state/journal.sqlite", damaged: .refuse, now: { Timestamp(milliseconds: 0) })
    }
}
