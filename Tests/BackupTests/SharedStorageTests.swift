import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite("Two hosts at once on one storage", .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct SharedStorageTests {
    @Test(
        "S7: of two with one name, a copied disk say, neither overwrites what the other has saved",
        arguments: [1, 1000]
    )
    func oneName(length: Int) async throws {
        try await BackedUpHost.with { host in
            try host.write("mine", to: "database/table")
            let run = try await host.backUp()
            let saved = try files(of: host, run)

            let other = try host.copiedMachine()
            // Of the same size, and of another one.
            try other.write(length == 1 ? "hers" : String(repeating: "hers", count: length), to: "database/table")
            let error = await #expect(throws: HostError.self) { try await other.backUp() }
            #expect(error?.message.contains("'acme/vsn1/\(run)' on backup target 'nas'") == true, "\(error as Any)")
            #expect(error?.message.contains("another host") == true)
            #expect(try files(of: host, run) == saved)

            // The moment after is its own again.
            try host.loseData()
            #expect(try await host.restoreData(["database"]).contains { $0.contains("restored from run \(run)") })
        }
    }

    @Test("J4: each keeps to its own runs, while the other one saves and removes")
    func twoNames() async throws {
        try await BackedUpHost.with { host in
            var other = try host.copiedMachine()
            other.plan.host = "vsn2"
            try host.write("mine", to: "database/table")
            try other.write("hers", to: "database/table")
            let second = other
            let first = host
            let runs = try await withThrowingTaskGroup(of: [BackupRunID].self) { group in
                for machine in [first, second] {
                    group.addTask {
                        var runs: [BackupRunID] = []
                        for day in [3, 2, 1, 0] as [Int64] { runs.append(try await machine.backUp(daysAgo: day)) }
                        return runs
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(runs[0] == runs[1])
            for machine in [first, second] {
                let backups = Backups(host: machine.host)
                let known = try await backups.runs(of: machine.plan, secrets: Secrets(), limit: .max).found
                #expect(known.count == 8)
                for run in known where run.host == machine.plan.host {
                    #expect(try await backups.verify(run, of: machine.plan, secrets: Secrets()) == [])
                }
            }
        }
    }

    @Test("J10: a last backup that the old host made late does not stand before what the new one saved")
    func lateLastBackup() async throws {
        try await BackedUpHost.with { old in
            try old.write("old", to: "database/table")
            try await old.backUp(daysAgo: 3)
            var new = try old.copiedMachine()
            new.plan.host = "vsn2"
            new.plan.replaces = "vsn1"
            new.fixture.configuration.signingKey = try await BackedUpHost.signingKey(
                "\(new.fixture.scratch.path)/signing")
            let keys = ["vsn1": old.fixture.configuration.signingKey, "vsn2": new.fixture.configuration.signingKey]
            let signers = try keys.sorted { $0.key < $1.key }.map { host, path in
                let key = try String(contentsOfFile: "\(path).pub", encoding: .utf8)
                return "\(host) \(key.split(separator: " ").prefix(2).joined(separator: " "))"
            }
            new.plan.backup?.signers = signers
            func makeLate() async throws {
                try old.write("late", to: "database/table")
                let copied = try await old.copy()
                let entry = try #require(CommitID(String(repeating: "b", count: 40)))
                try await old.backups().seal(
                    copied, for: Successor(host: "vsn2", commit: entry), now: copied.run.moment)
                for delivery in try await old.deliver() { if let failure = delivery.failure { throw failure } }
            }
            try await makeLate()
            // Before the new host has saved anything, it is the best there is.
            #expect(try await new.restoreData(["database"]).contains { $0.contains("of 'vsn1'") })
            #expect(try String(contentsOfFile: "\(new.stackDirectory)/database/table", encoding: .utf8) == "late")

            try new.write("new", to: "database/table")
            let run = try await new.backUp(daysAgo: 1)
            try new.loseData()
            let told = try await new.restoreData(["database"])
            #expect(
                told.contains { $0.contains("host 'vsn2' had the stack by then, as its run \(run) shows") }, "\(told)")
            #expect(try String(contentsOfFile: "\(new.stackDirectory)/database/table", encoding: .utf8) == "new")
        }
    }

    private func files(of host: BackedUpHost, _ run: BackupRunID) throws -> [String: Data] {
        let path = host.path(of: run)
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            files[name] = try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
        }
        return files
    }
}
