import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite(
    "J4: a big data directory is saved with the engine restic", .enabled(if: mustRun || ResticHost.unavailable == nil))
struct ResticTests {
    @Test(
        "every file is what it was, but for holes, links to names that are no text, and a second name of a link",
        .enabled(if: mustRun || HardTree.unavailable == nil))
    func fidelity() async throws {
        try await ResticHost.with { host in
            try FileManager.default.createDirectory(atPath: host.stackDirectory, withIntermediateDirectories: true)
            try await HardTree.make("\(host.stackDirectory)/files", smallFiles: 50, bigFile: 3 << 20)
            try await host.backUp(partSize: 1 << 18)
            try FileManager.default.moveItem(atPath: host.stackDirectory, toPath: host.saved)
            let told = try await host.restoreData(["files"])
            #expect(told.contains { $0.hasPrefix("data directory 'files': restored from run ") }, "\(told)")
            #expect(host.entries() == ["files"])
            let differences = try await HardTree.differences("\(host.saved)/files", "\(host.stackDirectory)/files")
            let lost = ["b'holes/", "b'links/odd': target", "b'links/dangling-too'"]
            #expect(differences.filter { difference in !lost.contains { difference.hasPrefix($0) } } == [])
        }
    }

    @Test("a run sends what changed since the last one, and both are restored and verified")
    func changes() async throws {
        try await ResticHost.with { host in
            try host.fill("files/big", megabytes: 8)
            try host.write("first", to: "files/small")
            let first = try await host.backUp(daysAgo: 1)
            try host.write("second", to: "files/small")
            let second = try await host.backUp()
            #expect(try host.bytes(of: first) > 8_000_000)
            #expect(try host.bytes(of: second) < 100_000)
            // Refused by a fairlead that knows no repositories.
            #expect(try await host.manifest(of: second).format == 2)
            #expect(try await host.manifest(of: second).base == [first])
            for run in [first, second] {
                host.plan.backup?.restore = .run("\(run)")
                #expect(try await host.problems(of: run) == [])
                try host.loseData()
                _ = try await host.restoreData(["files"])
                #expect(try content("\(host.stackDirectory)/files/small") == (run == first ? "first" : "second"))
                #expect(try host.size(of: "\(host.stackDirectory)/files/big") == 8 << 20)
            }
        }
    }

    @Test("exclude leaves out paths as it does with tar")
    func exclude() async throws {
        try await ResticHost.with { host in
            for name in ["keep", "cache/one", "odd [1]/gone", "sub/cache/keep", "temporary/x"] {
                try host.write("text", to: "files/\(name)")
            }
            host.plan.containers["web"]?.volumes[1].backup?.exclude = ["cache/*", "temporary"]
            try await host.backUp()
            try host.loseData()
            _ = try await host.restoreData(["files"])
            let files = try FileManager.default.subpathsOfDirectory(atPath: "\(host.stackDirectory)/files")
            #expect(
                files.sorted() == ["cache", "keep", "odd [1]", "odd [1]/gone", "sub", "sub/cache", "sub/cache/keep"])
        }
    }

    /// Something after which no run may build on what was sent.
    enum End: String, CaseIterable, Sendable {
        case month, recipients, targets, damage, loss

        var told: String {
            switch self {
            case .month: "the last time was on "
            case .recipients: "the recipients have changed"
            case .targets: "the targets have changed"
            case .damage: "is not what it was"
            case .loss: "what this host has of it is not whole"
            }
        }

        func happen(to host: inout BackedUpHost) async throws {
            let line = "\(host.fixture.configuration.stateDirectory)/backup/restic/files"
            switch self {
            case .month: break
            case .recipients:
                let path = "\(host.fixture.scratch.path)/other"
                _ = try await Command("/usr/bin/age-keygen", ["-o", path]).run()
                host.plan.backup?.recipients = [
                    try await Command("/usr/bin/age-keygen", ["-y", path]).run().text.trimmingCharacters(
                        in: .whitespacesAndNewlines)
                ]
            case .targets:
                let path = "\(host.fixture.scratch.path)/store"
                host.plan.backup?.targets["other"] = BackupTarget(store: .directory("\(path)/2", local: true))
            case .damage: try FileManager.default.removeItem(atPath: "\(line)/repository/index")
            case .loss: try FileManager.default.removeItem(atPath: "\(line)/line.json")
            }
        }
    }

    @Test(
        "everything is sent again when the last time is a month ago, or it is of no use any more",
        arguments: End.allCases)
    func again(end: End) async throws {
        try await ResticHost.with { host in
            try host.fill("files/big", megabytes: 1)
            let before = try await host.backUp(daysAgo: 30)
            #expect(try await host.bytes(of: host.backUp(daysAgo: 29)) < 100_000)
            try await end.happen(to: &host)
            let notes = Notes()
            let after = try await host.backUp(daysAgo: end == .month ? 0 : 28) { notes.add($0) }
            #expect(try host.bytes(of: after) > 1_000_000)
            let again = notes.all.filter { $0.hasPrefix("data directory 'files': everything is saved again: ") }
            #expect(again.count == 1 && again[0].contains(end.told), "\(notes.all)")
            // It needs nothing of what was before.
            try FileManager.default.removeItem(atPath: host.path(of: before))
            #expect(try await host.problems(of: after) == [])
        }
    }

    @Test(
        "a part of an earlier run that is missing or changed is found, and an older run is used",
        arguments: [true, false])
    func damage(isMissing: Bool) async throws {
        try await ResticHost.with { host in
            try host.write("old", to: "files/text")
            let old = try await host.backUp(daysAgo: 40)
            try host.write("new", to: "files/text")
            let base = try await host.backUp(daysAgo: 1)
            let newest = try await host.backUp()
            let part = "\(host.path(of: base))/files.restic.tar.age.0000"
            var bytes = [UInt8](try Data(contentsOf: URL(filePath: part)))
            bytes[bytes.count / 2] ^= 1
            try FileManager.default.removeItem(atPath: part)
            if !isMissing { try Data(bytes).write(to: URL(filePath: part)) }
            let what = isMissing ? "missing" : "not what was uploaded"
            #expect(try await host.problems(of: newest) == ["run \(base): 'files.restic.tar.age.0000' is \(what)"])
            try host.loseData()
            let told = try await host.restoreData(["files"])
            #expect(told.contains { $0.contains("restored from run \(old) ") }, "\(told)")
            #expect(told.contains { $0.contains("of run \(base), which it builds on, is ") }, "\(told)")
            #expect(try content("\(host.stackDirectory)/files/text") == "old")
            #expect(host.entries() == ["files"])
        }
    }

    @Test(
        "nothing builds on a run that a crash cut off, before it was sealed or while it was", arguments: [true, false])
    func cutOff(whileSealing: Bool) async throws {
        try await ResticHost.with { host in
            try host.write("first", to: "files/text")
            let first = try await host.backUp(daysAgo: 2)
            try host.fill("files/big", megabytes: 1)
            let copied = try await host.copy(daysAgo: 1)
            if whileSealing {
                try await host.seal(copied)
                let spooled = "\(host.fixture.configuration.stateDirectory)/backup/spool/\(copied.run)"
                try FileManager.default.removeItem(atPath: "\(spooled)/manifest.json")
            }
            // Of a restic that was killed.
            let rest = "\(host.fixture.configuration.stateDirectory)/backup/restic/files/repository/data/00/0-tmp-1"
            try Data("half".utf8).write(to: URL(filePath: rest))
            let last = try await host.backUp()
            #expect(FileManager.default.fileExists(atPath: host.path(of: copied.run)) == false)
            #expect(try host.bytes(of: last) > 1_000_000)
            #expect(try await host.manifest(of: last).base == [first])
            #expect(try await host.problems(of: last) == [])
            try host.loseData()
            _ = try await host.restoreData(["files"])
            #expect(try host.size(of: "\(host.stackDirectory)/files/big") == 1 << 20)
        }
    }

    @Test("pruning keeps the runs that a kept one builds on, and those only")
    func prune() async throws {
        try await ResticHost.with { host in
            try host.write("text", to: "files/text")
            var runs: [BackupRunID] = []
            for day: Int64 in [40, 39, 2, 1, 0] { runs.append(try await host.backUp(daysAgo: day)) }
            let pruning = try await host.backups().prune(
                "nas", of: host.plan, secrets: Secrets(), keeping: KeepRule(last: 1), dryRun: false)
            #expect(pruning.removed == Array(runs[..<2]))
            #expect(pruning.kept == Array(runs[2...]))
            #expect(try await host.problems(of: runs[4]) == [])
        }
    }

    @Test("a restore that is ended in the middle leaves nothing in the data directory, and the next one brings it")
    func interruptedRestore() async throws {
        try await ResticHost.with { host in
            try host.fill("files/big", megabytes: 64)
            try await host.backUp()
            try host.loseData()
            let staged = "\(host.stackDirectory)/.fairlead-restore-files"
            let task = Task { [host] in try await host.fetchData(["files"]) }
            for _ in 0..<10_000 where !FileManager.default.fileExists(atPath: "\(staged)/line/password") {
                try await Task.sleep(for: .milliseconds(5))
            }
            task.cancel()
            _ = await task.result
            #expect(!FileManager.default.fileExists(atPath: "\(host.stackDirectory)/files"))
            _ = try await host.restoreData(["files"])
            #expect(try host.size(of: "\(host.stackDirectory)/files/big") == 64 << 20)
            #expect(host.entries() == ["files"])
        }
    }
}
