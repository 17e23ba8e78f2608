import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

/// J5, J9: what a thief of a storage's key removes or adds is not taken for what was saved (M8).
@Suite("Runs name those before them", .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct RunChainTests {
    /// Three runs of three days, oldest first.
    private func runs(_ host: BackedUpHost) async throws -> [BackupRunID] {
        var runs: [BackupRunID] = []
        for (day, text) in [(2, "Monday"), (1, "Tuesday"), (0, "Wednesday")] as [(Int64, String)] {
            try host.write(text, to: "database/table")
            runs.append(try await host.backUp(daysAgo: day))
        }
        return runs
    }

    @Test("with a number and the digest of the manifest of the newest one that a target has")
    func links() async throws {
        try await BackedUpHost.with { host in
            let runs = try await runs(host)
            let last = try await host.manifest(of: runs[2])
            #expect(last.number == 3 && last.previous?.run == runs[1] && last.previous?.number == 2)
            let digest = try await Command("/usr/bin/sha256sum", ["\(host.path(of: runs[1]))/manifest.json"]).run().text
            #expect(last.previous?.digest.description == String(digest.prefix(64)))
            let first = try await host.manifest(of: runs[0])
            #expect(first.number == 1 && first.previous == nil)

            // What waits for a target may never come to it.
            _ = try await host.seal(host.copy(daysAgo: -1))
            let waiting = try await host.seal(host.copy(daysAgo: -2))
            for delivery in try await host.deliver() { #expect(delivery.failure == nil) }
            #expect(try await host.manifest(of: waiting).previous?.run == runs[2])
            #expect(try await host.manifest(of: waiting).number == 5)
        }
    }

    @Test(
        "one that this host has delivered and that is gone is confirmed by a person before older data takes its place")
    func newestRemoved() async throws {
        try await BackedUpHost.with { host in
            let runs = try await runs(host)
            try FileManager.default.removeItem(atPath: host.path(of: runs[2]))
            try host.loseData()
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            #expect(
                error?.message.hasPrefix(
                    "run \(runs[2]) of 'vsn1', which was delivered by this host, is not there any more") == true,
                "\(error as Any)")
            #expect(error?.hint.contains("\"restore\": \"\(runs[1])\"") == true && error?.disposition == .transient)
            #expect(host.entries() == [])
            // Not hidden by one that looks newer and is none.
            try host.fixture.scratch.write("{}", to: "store/acme/vsn1/20991231T000000Z/manifest.json")
            _ = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }

            host.plan.backup?.restore = .run("\(runs[1])")
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "Tuesday")
        }
    }

    @Test("the newest one that was delivered and is gone is told by the list, and with an older one that is fetched")
    func newestRemovedIsTold() async throws {
        try await BackedUpHost.with { host in
            let runs = try await runs(host)
            let now = Timestamp(milliseconds: 1_795_232_800_000)
            #expect(try await host.lost() == nil)
            try FileManager.default.removeItem(atPath: host.path(of: runs[2]))
            let words = "run \(runs[2]) of 'vsn1', which was delivered by this host, is not there any more"
            #expect(try await host.lost()?.words == words)
            #expect(try await host.lost(before: runs[1]) == nil, "who pages through older ones was told")

            for (target, run) in [(nil, nil), ("nas", nil), (nil, runs[1])] as [(String?, BackupRunID?)] {
                let notes = Notes()
                let items = try await BackupExtraction(host: host.fixture.host) { now }
                    .extract(
                        .init(run: run, target: target), of: host.plan, secrets: Secrets(),
                        to: "\(host.fixture.scratch.path)/look-\(target ?? "all")-\(run == nil ? "newest" : "named")"
                    ) { notes.add($0) }
                #expect(items.map(\.run) == [runs[1]])
                #expect(notes.all.contains(words) == (run == nil), "a run that is named is meant")
            }

            let nowhere = ["type": "ftp", "host": "127.0.0.1", "port": "1", "user": "acme", "pass": "x"]
            host.plan.backup?.targets["away"] = BackupTarget(
                store: .rclone(options: nowhere.mapValues { SecretText(source: $0) }, path: "acme"))
            #expect(try await host.lost() == nil, "what is not read may have it")

            host.plan.backup?.targets["away"] = nil
            for run in runs[..<2] { try FileManager.default.removeItem(atPath: host.path(of: run)) }
            #expect(try await host.lost()?.words == words, "none is left at all")
        }
    }

    @Test("what one of two targets has taken last and lists no more is told, although the other one has it")
    func goneFromOne() async throws {
        try await BackedUpHost.with { host in
            let second = "\(host.fixture.scratch.path)/second"
            try FileManager.default.createDirectory(atPath: second, withIntermediateDirectories: false)
            host.plan.backup?.targets["second"] = BackupTarget(store: .directory(second, local: true))
            let runs = try await runs(host)
            #expect(try await host.known().gone == [:])
            try FileManager.default.removeItem(atPath: host.path(of: runs[2]))
            let known = try await host.known()
            #expect(known.gone == ["nas": runs[2]] && known.lost == nil)
            #expect(try await host.known(before: runs[1]).gone == [:], "who pages through older ones was told")
            // An older one is told by the chain, or was pruned.
            try FileManager.default.removeItem(atPath: "\(second)/acme/vsn1/\(runs[0])")
            #expect(try await host.known().gone == ["nas": runs[2]])
        }
    }

    @Test("a new machine, which knows nothing, is told by the newest run that the one before it is gone")
    func cutOut() async throws {
        try await BackedUpHost.with { host in
            let runs = try await runs(host)
            try FileManager.default.removeItem(atPath: host.path(of: runs[1]))
            let machine = try host.copiedMachine()
            let error = await #expect(throws: HostError.self) { try await machine.fetchData(["database"]) }
            let told =
                "run \(runs[1]) of 'vsn1', which run \(runs[2]) names as one that was there, is not there any more"
            #expect(error?.message.hasPrefix(told) == true, "\(error as Any)")
            let known = try await host.backups().runs(
                of: host.plan, secrets: Secrets(), limit: 20, now: Timestamp(milliseconds: 1_795_232_800_000)
            ).found
            #expect(known.map(\.lost) == [runs[1], nil])
        }
    }

    @Test("what retention has removed is not missed, on this host, on a new one, and in the list")
    func pruned() async throws {
        try await BackedUpHost.with { host in
            let runs = try await runs(host)
            let pruning = try await host.backups().prune(
                "nas", of: host.plan, secrets: Secrets(), keeping: KeepRule(last: 1), dryRun: false)
            #expect(pruning.removed == Array(runs[..<2]))
            let machine = try host.copiedMachine()
            _ = try await machine.restoreData(["database"])
            #expect(try content("\(machine.stackDirectory)/database/table") == "Wednesday")
            let now = Timestamp(milliseconds: 1_795_232_800_000)
            let known = try await host.backups().runs(of: host.plan, secrets: Secrets(), limit: 20, now: now).found
            #expect(known.map(\.run) == [runs[2]] && known[0].lost == nil)

            // That counts with its signature only.
            let record = "\(host.store)/acme/vsn1/pruned.json"
            try Data(try content(record).replacing("vsn1", with: "vsn1 ").utf8).write(to: URL(filePath: record))
            let other = try host.copiedMachine()
            _ = await #expect(throws: HostError.self) { try await other.fetchData(["database"]) }
        }
    }

    @Test("an older one that is not what a newer one names is refused, although its host has signed it")
    func replaced() async throws {
        try await BackedUpHost.with { host in
            let runs = try await runs(host)
            try await host.change(runs[1]) { $0["version"] = "6.6.6" }
            let part = host.part(of: runs[2])
            try FileManager.default.removeItem(atPath: part)
            try host.loseData()
            let told = try await host.restoreData(["database"])
            #expect(
                told.contains { $0.contains("run \(runs[1]) ") && $0.contains("another one than a newer run names") })
            #expect(try content("\(host.stackDirectory)/database/table") == "Monday", "\(told)")
        }
    }

    @Test("any number of runs that are none keeps no recovery waiting, and is not told one by one")
    func flood() async throws {
        try await BackedUpHost.with { host in
            let runs = try await runs(host)
            try await host.flood(20_000, files: ["manifest.json"])
            try host.loseData()
            let told = try await host.restoreData(["database"])
            #expect(told.contains { $0.contains("restored from run \(runs[2]) ") })
            #expect(told.count < 20 && told.contains("19990 further runs are no backups either"), "\(told.count)")

            // Those that have to be read are bounded.
            try await host.flood(60, files: ["manifest.json", "manifest.json.sig"])
            try host.loseData()
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            #expect(error?.message.hasPrefix("more than 50 runs are no backups") == true, "\(error as Any)")
            let known = try await host.backups().runs(
                of: host.plan, secrets: Secrets(), limit: 1, before: BackupRunID("20300101T000000Z")
            ).found
            #expect(known.map(\.run) == [runs[2]])
            host.plan.backup?.restore = .run("\(runs[2])")
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "Wednesday")
        }
    }
}

extension BackedUpHost {
    /// What the list tells of it.
    fileprivate func lost(before end: BackupRunID? = nil) async throws -> LostRun? {
        try await known(before: end).lost
    }

    fileprivate func known(before end: BackupRunID? = nil) async throws -> Backups.KnownRuns {
        let now = Timestamp(milliseconds: 1_795_232_800_000)
        return try await backups().runs(of: plan, secrets: Secrets(), limit: 20, before: end, now: now)
    }

    /// So many runs of years to come, each with `files`.
    fileprivate func flood(_ count: Int, files: [String]) async throws {
        let start: Int64 = 2_000_000_000_000
        let places = (0..<Int64(count)).map {
            BackupRunID(at: Timestamp(milliseconds: start + $0 * 60_000)).description
        }
        let list = try fixture.scratch.write(places.joined(separator: "\n") + "\n", to: "places")
        let make = "xargs mkdir -p <'\(list)'; for file; do sed \"s/\\$/\\/$file/\" '\(list)' | xargs touch; done"
        _ = try await Command("/bin/bash", ["-ec", "cd '\(store)/acme/vsn1'; \(make)", "bash"] + files).run()
    }
}
