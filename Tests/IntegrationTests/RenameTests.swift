import Foundation
import Journal
import Model
import Planning
import Processes
import TestSupport
import Testing

@Suite(
    "S7: a commit never starts a service on nothing unnoticed", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(15)))
struct RenameTests {
    /// The database's data directory is called `name`, with `more` keys of the volume.
    private static func volume(_ name: String, _ more: String = "", rest: String = "") -> String {
        """
        {\(rest) "containers": {"database": {"volumes": [
          {"data": "\(name)", "target": "/data", "owner": "999:999", "mode": "0700"\(more)}]}}}
        """
    }

    private static let formerly = #", "formerly": "database""#

    @Test("a renamed data directory is refused with both words, in 'plan' and in the deployment; the stack runs on")
    func refused() async throws {
        try await VSN.deployed { vsn in
            let ids = [try await vsn.containerID("database"), try await vsn.containerID("web")]
            try vsn.commit("1.0.0", "Call it db", changes: Self.volume("db"))
            let words = "'database' stays behind on the host, 'db' starts empty"
            let planned = try await vsn.fairlead("plan")
            #expect(planned.status == 1 && planned.text.contains(words), "\(planned.text)")
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3, "\(refused.text)\(refused.errorTail)")
            #expect("\(refused.text)\(refused.errorTail)".contains(words))
            #expect("\(refused.text)\(refused.errorTail)".contains(#""formerly": "database""#))
            #expect([try await vsn.containerID("database"), try await vsn.containerID("web")] == ids)
            #expect(try await vsn.fairlead("history").text.contains(words))
            #expect(vsn.names() == ["database"])

            try vsn.commit("1.0.0", "Call it db, empty", changes: Self.volume("db", #", "startEmpty": true"#))
            let begun = try await vsn.fairlead("reconcile")
            #expect(begun.status == 0, "\(begun.text)\(begun.errorTail)")
            #expect(vsn.data("db/starts")?.split(separator: "\n").count == 1)
            #expect(vsn.data("database/starts")?.split(separator: "\n").count == 1)
            let changes = try await vsn.deployments().first?.changes.map(\.description) ?? []
            #expect(changes.contains("data directory 'database': stays behind on the host"), "\(changes)")
            #expect(changes.contains("data directory 'db': starts empty"), "\(changes)")
        }
    }

    enum Source: String, CaseIterable { case missing, symlink, other, both }

    @Test(
        "what keeps a data directory from being renamed is told by 'plan' as by the deployment",
        arguments: Source.allCases)
    func foreseen(source: Source) async throws {
        try await VSN.deployed { vsn in
            let web = try await vsn.containerID("web")
            let (files, database) = (FileManager.default, "\(vsn.dataDirectory)/database")
            let away = "\(vsn.scratch.path)/away"
            if source != .both { try files.moveItem(atPath: database, toPath: away) }
            let words: String
            switch source {
            case .missing: words = "which is to be called 'db', was on this host and is gone"
            case .symlink:
                try files.createSymbolicLink(atPath: database, withDestinationPath: away)
                words = "'\(database)' is a symlink, but has to be a directory"
            case .other:
                try vsn.makeOpen(database)
                try Data("other".utf8).write(to: URL(filePath: "\(database)/rows"))
                words = "another directory lies in the place of the one that was deployed"
            case .both:
                try vsn.makeOpen("\(vsn.dataDirectory)/db")
                try Data("other".utf8).write(to: URL(filePath: "\(vsn.dataDirectory)/db/rows"))
                words = "'\(vsn.dataDirectory)/db' holds data already"
            }
            try vsn.commit("1.0.0", "Call it db", changes: Self.volume("db", Self.formerly))
            let planned = try await vsn.fairlead("plan")
            #expect(planned.status == 1 && planned.text.contains("would be refused: "), "\(planned.text)")
            #expect(planned.text.contains(words) && !planned.text.contains("is copied first"), "\(planned.text)")
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3 && refused.errorTail.contains(words), "\(refused.errorTail)")
            #expect(try await vsn.containerID("web") == web)
        }
    }

    @Test("a mount point, of the same disk too, is not renamed: refused before anything stops; the printed way works")
    func mountPoint() async throws {
        try await VSN.with { vsn in
            let (store, point) = ("\(vsn.scratch.path)/store", "\(vsn.dataDirectory)/database")
            try vsn.makeOpen(store, point)
            try await vsn.bind(store, to: point)
            do {
                try await vsn.publish("1.0.0")
                try vsn.commit("1.0.0")
                #expect(try await vsn.fairlead("reconcile").status == 0)
                let web = try await vsn.containerID("web")
                try vsn.commit("1.0.0", "Call it db", changes: Self.volume("db", Self.formerly))
                let refused = try await vsn.fairlead("reconcile")
                #expect(refused.status == 3 && refused.errorTail.contains("is a mount point"), "\(refused.errorTail)")
                #expect(try await vsn.containerID("web") == web)
                #expect(await vsn.served() == "1.0.0")

                #expect(try await vsn.fairlead("teardown", "--yes").status == 0)
                try await vsn.unbind(point)
                try vsn.makeOpen("\(vsn.dataDirectory)/db")
                try await vsn.bind(store, to: "\(vsn.dataDirectory)/db")
                #expect(try await vsn.fairlead("resume").status == 0)
                let started = try await vsn.fairlead("reconcile", "--force")
                #expect(started.status == 0, "\(started.text)\(started.errorTail)")
                #expect(vsn.data("db/starts")?.split(separator: "\n").count == 2)
            } catch {
                try? await vsn.unbind(point)
                try? await vsn.unbind("\(vsn.dataDirectory)/db")
                throw error
            }
            try await vsn.unbind("\(vsn.dataDirectory)/db")
        }
    }

    @Test("'formerly' renames the directory with all that is in it, and a revert renames it back")
    func renamed() async throws {
        try await VSN.deployed { vsn in
            let before = try vsn.inode("database")
            try vsn.commit("1.0.0", "Call it db", changes: Self.volume("db", Self.formerly))
            let planned = try await vsn.fairlead("plan")
            #expect(planned.text.contains("data directory 'db': is renamed from 'database'"), "\(planned.text)")
            let renamed = try await vsn.fairlead("reconcile")
            #expect(renamed.status == 0, "\(renamed.text)\(renamed.errorTail)")
            #expect(try vsn.inode("db") == before)
            #expect(vsn.data("db/starts")?.split(separator: "\n").count == 2)
            #expect(vsn.names() == ["db"])
            #expect(
                try await vsn.deployments().first?.changes.map(\.description)
                    .contains("data directory 'db': renamed from 'database'") == true)

            // The word may stay, and may go.
            try vsn.commit("1.0.0", "It is db", changes: Self.volume("db"))
            let web = try await vsn.containerID("web")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.containerID("web") == web)
            try vsn.commit("1.0.0", "Say it again", changes: Self.volume("db", Self.formerly))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.containerID("web") == web)

            try vsn.commit("1.0.0", "Revert")
            let reverted = try await vsn.fairlead("reconcile")
            #expect(reverted.status == 0, "\(reverted.text)\(reverted.errorTail)")
            #expect(try vsn.inode("database") == before)
            #expect(vsn.names() == ["database"])
        }
    }

    @Test(
        "a deployment that fails gives the directory its former name again", arguments: ["previous", "containerless"])
    func rolledBack(onFailure: String) async throws {
        try await VSN.deployed { vsn in
            let before = try vsn.inode("database")
            let sick = #""onFailure": "\#(onFailure)", "#
            let changes = Self.volume("db", Self.formerly, rest: sick).replacing(
                #""containers": {"#,
                with: #""containers": {"web": {"health": {"http": {"path": "/no"}, "retries": 5}}, "#)
            try vsn.commit("1.0.0", "Call it db, never healthy", changes: changes)
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status == 4, "\(failed.text)\(failed.errorTail)")
            #expect(try vsn.inode("database") == before)
            #expect(vsn.names() == ["database"])
            #expect(await vsn.served() == (onFailure == "previous" ? "1.0.0" : nil))

            // Nothing is forgotten by a host on which nothing runs: a silent renaming is refused, the word is heard.
            try vsn.commit("1.0.0", "Call it db", changes: Self.volume("db"))
            #expect(try await vsn.fairlead("reconcile").status == 3)
            #expect(vsn.names() == ["database"])
            try vsn.commit("1.0.0", "Call it db, which it was", changes: Self.volume("db", Self.formerly))
            let renamed = try await vsn.fairlead("reconcile")
            #expect(renamed.status == 0, "\(renamed.text)\(renamed.errorTail)")
            #expect(try vsn.inode("db") == before)
        }
    }

    @Test(
        "a kill at any moment of a renaming converges with all data, and one in a roll back ends with the former name")
    func killed() async throws {
        try await VSN.deployed { vsn in
            let before = try vsn.inode("database")
            var names = ["database", "db"]
            for checkpoint in ["before rename", "NAME renamed", "database created", "web healthy", "after outcome"] {
                let (old, new) = (names[0], names[1])
                names.reverse()
                try vsn.commit(
                    "1.0.0", "\(checkpoint): \(new)", changes: Self.volume(new, #", "formerly": "\#(old)""#))
                try await vsn.killed(at: checkpoint.replacing("NAME", with: new))
                let restart = try await vsn.fairlead("reconcile")
                let said = Comment(rawValue: "\(checkpoint): \(restart.text)\(restart.errorTail)")
                #expect(restart.status == 0, said)
                #expect(try vsn.inode(new) == before, said)
                // After the outcome only the next deployment has a reason to forget the former name.
                #expect(vsn.names().filter { !$0.hasPrefix(".") } == [new], said)
                #expect(checkpoint == "after outcome" || vsn.names() == [new], said)
                #expect(await vsn.served() == "1.0.0", said)
            }
            let (old, new) = (names[0], names[1])
            let changes = Self.volume(new, #", "formerly": "\#(old)""#).replacing(
                #""containers": {"#,
                with: #""containers": {"web": {"health": {"http": {"path": "/no"}, "retries": 5}}, "#)
            try vsn.commit("1.0.0", "Never healthy", changes: changes)
            try await vsn.killed(at: "in roll back")
            #expect(try await vsn.fairlead("reconcile").status != 0)
            #expect(try vsn.inode(old) == before)
            #expect(vsn.names() == [old])
        }
    }

    @Test("a renamed stack is refused, and moves with its data when the plan says what it was")
    func stack() async throws {
        try await VSN.deployed { vsn in
            let (before, name) = (try vsn.inode("database"), "\(vsn.stack)-new")
            try vsn.commit("1.0.0", "Another name", changes: #"{"stack": "\#(name)"}"#)
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3)
            #expect("\(refused.text)\(refused.errorTail)".contains("stack '\(name)' starts empty"))
            #expect(await vsn.served() == "1.0.0")

            try vsn.commit("1.0.0", "Moved", changes: #"{"stack": "\#(name)", "formerly": "\#(vsn.stack)"}"#)
            let moved = try await vsn.fairlead("reconcile")
            #expect(moved.status == 0, "\(moved.text)\(moved.errorTail)")
            #expect(try await vsn.containers() == ["\(name)-database", "\(name)-web"])
            #expect(try vsn.inode("../\(name)/database") == before)
            #expect(vsn.names() == [])

            try vsn.commit("1.0.0", "Revert")
            let reverted = try await vsn.fairlead("reconcile")
            #expect(reverted.status == 0, "\(reverted.text)\(reverted.errorTail)")
            #expect(try vsn.inode("database") == before)
            #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"])
        }
    }

    @Test(
        "two directories that both hold data are told apart by nobody: the deployment is refused before anything stops")
    func both() async throws {
        try await VSN.deployed { vsn in
            let id = try await vsn.containerID("database")
            try FileManager.default.createDirectory(
                atPath: "\(vsn.dataDirectory)/db", withIntermediateDirectories: true)
            try Data("other".utf8).write(to: URL(filePath: "\(vsn.dataDirectory)/db/rows"))
            try vsn.commit("1.0.0", "Call it db", changes: Self.volume("db", Self.formerly))
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3, "\(refused.text)\(refused.errorTail)")
            #expect(refused.errorTail.contains("holds data already"), "\(refused.errorTail)")
            #expect(try await vsn.containerID("database") == id)
            #expect(vsn.names() == ["database", "db"])
        }
    }

    @Test("half of the stack cannot be dropped by accident; the refusal names the key and its value")
    func shrinkage() async throws {
        try await VSN.deployed { vsn in
            try vsn.commit(
                "1.0.0", "Drop the database", changes: #"{"containers": {"database": null, "web": {"dependsOn": []}}}"#)
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status == 3)
            #expect(
                "\(refused.text)\(refused.errorTail)".contains(
                    "'policy.maximumShrink' in the VSN's configuration to 50"))
            try vsn.configure(["policy": ["maximumShrink": 50]])
            let dropped = try await vsn.fairlead("reconcile")
            #expect(dropped.status == 0, "\(dropped.text)\(dropped.errorTail)")
            #expect(vsn.names() == ["database"])
            let changes = try await vsn.deployments().first?.changes.map(\.description) ?? []
            #expect(changes.contains("data directory 'database': stays behind on the host"), "\(changes)")
        }
    }
}

@Suite("J9: backups from before a renaming", .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(5)))
struct RenamedBackupTests {
    @Test(
        "fill the renamed directory of a new host, also when its stack has another name by now",
        arguments: [false, true])
    func restored(renamesStack: Bool) async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            #expect(try await vsn.deployAndBackUp("customers").status == 0)
            #expect(try await vsn.loseHost().status == 0)
            let recipient = try await Command("/usr/bin/age-keygen", ["-y", vsn.recoveryKey]).run().text
            let name = "\(vsn.stack)-new"
            try vsn.commit(
                "1.0.0", "Call it db",
                changes: """
                    {\(renamesStack ? #""stack": "\#(name)", "formerly": "\#(vsn.stack)","# : "")
                     "backup": {"recipients": ["\(recipient.filter { !$0.isNewline })"],
                                "targets": {"nas": {"directory": "\(vsn.backupStore)", "local": true}}},
                     "containers": {"database": {"volumes": [
                       {"data": "db", "formerly": "database", "target": "/data", "backup": {"mode": "live"}}]}}}
                    """)
            // A new host: it knows of no plan from before.
            try FileManager.default.removeItem(atPath: "\(vsn.scratch.path)/state")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            let rows = "\(vsn.scratch.path)/data/\(renamesStack ? name : vsn.stack)/db/rows"
            #expect(FileManager.default.contents(atPath: rows) == Data("customers".utf8))
            // What it came from is listed, and can be read back.
            let list = try await vsn.fairlead("backup", "list")
            #expect(list.status == 0 && list.text.contains("as stack '\(vsn.stack)'") == renamesStack, "\(list.text)")
            let verified = try await vsn.fairlead("backup", "verify")
            #expect(verified.status == 0, "\(verified.text)")
        }
    }
}

extension VSN {
    /// Of the data directories, and of what lies beside them.
    fileprivate func names() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: dataDirectory)) ?? [])
            .filter { $0 != ".fairlead-data.json" }.sorted()
    }

    fileprivate func inode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(dataDirectory)/\(name)")[.systemFileNumber] as? Int
    }

    fileprivate func killed(at checkpoint: String) async throws {
        let crashed = await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
            _ = try await fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": checkpoint])
        }
        #expect("\(crashed.map { "\($0)" } ?? "")".contains("signal 9"), "\(checkpoint)")
    }
}
