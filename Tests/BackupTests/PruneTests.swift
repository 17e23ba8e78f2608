import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite("Nothing of what was saved is lost on the way", .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct PruneTests {
    @Test("pruning keeps the newest run that holds a data directory, however old it is")
    func lastOfEach() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try host.write("pictures", to: "files/one")
            try await host.backUp(daysAgo: 9)
            let last = try await host.backUp(daysAgo: 8)
            // Empty, or its disk is not mounted: it is not saved any more.
            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/files/one")
            for day in [3, 2, 1] as [Int64] { try await host.backUp(daysAgo: day) }
            let newest = try await host.backUp()
            let pruning = try await Backups(host: host.host).prune(
                "nas", of: host.plan, secrets: Secrets(), keeping: KeepRule(last: 1), dryRun: false)
            #expect(pruning.kept == [last, newest])
            #expect(pruning.removed.count == 4)
            try host.loseData()
            _ = try await host.restoreData()
            #expect(try content("\(host.stackDirectory)/files/one") == "pictures")
            #expect(try content("\(host.stackDirectory)/database/table") == "rows")
        }
    }

    @Test("a target's directory that has gone is not taken for one that never had a run")
    func goneDirectory() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            let run = try await host.backUp()
            let now = Timestamp(milliseconds: 1_795_232_800_000)
            try BackupState(targets: ["nas": .init(began: now, ended: now, run: run, summary: "")])
                .write(stateDirectory: host.fixture.configuration.stateDirectory)
            try host.loseData()
            try FileManager.default.moveItem(atPath: host.store, toPath: "\(host.store).gone")
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            #expect(error?.message.contains("although run \(run) was brought to it") == true, "\(error as Any)")
            #expect(error?.disposition == .transient)
            try FileManager.default.moveItem(atPath: "\(host.store).gone", toPath: host.store)
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "rows")
        }
    }

    @Test("what was fetched is removed whatever its files are called")
    func oddNames() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/sub/table")
            let script =
                #"cd "$0" && touch "$(printf 'bad\377name')" && mkdir "$(printf 'bad\376dir')" && ln -s / link && touch "$(printf 'bad\376dir')/x""#
            _ = try await Command("/bin/bash", ["-ec", script, "\(host.stackDirectory)/database/sub"]).run()
            try await host.backUp()
            try host.loseData()
            _ = try await host.fetchData(["database"])
            #expect(host.entries() == [".fairlead-restore-database"])
            _ = try await host.restore.discardData(of: "acme")
            #expect(host.entries() == [])
            #expect(FileManager.default.fileExists(atPath: "/etc"))
        }
    }
}
