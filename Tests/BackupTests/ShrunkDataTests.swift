import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@testable import Backup

@Suite(
    "A data directory that is much smaller than in the run before is marked",
    .enabled(if: mustRun || ResticHost.unavailable == nil), .timeLimit(.minutes(5)))
struct ShrunkDataTests {
    @Test(
        "until it has grown again, or an operator accepts it; the larger run is kept and told of",
        arguments: [VolumeBackup.Engine.tar, .restic])
    func marked(engine: VolumeBackup.Engine) async throws {
        try await BackedUpHost.with { host in
            host.plan.containers["web"]?.volumes[1].backup = VolumeBackup(mode: .live, engine: engine)
            try host.fill("files/big", megabytes: 3)
            let large = try await host.backUp(daysAgo: 9)
            #expect(try await host.manifest(of: large).shrunk == [:])
            let read = try #require(try await host.manifest(of: large).archive(of: "files")?.read)
            #expect(read.bytes >= 3 << 20 && read.bytes < 4 << 20 && read.files ?? 0 > 0, "\(read)")

            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/files/big")
            try host.write("what is left", to: "files/one")
            // Also the next day: that a loss is a day old does not make it any better.
            for day in [8, 7] as [Int64] {
                let manifest = try await host.manifest(of: host.backUp(daysAgo: day))
                #expect(manifest.archive(of: "files")?.shrunk == DataShrink(run: large, before: read))
                #expect(manifest.shrunk["files"]?.contains("MiB") == true)
                #expect(manifest.incomplete == nil && manifest.format < 3)
            }
            let pruning = try await host.backups().prune(
                "nas", of: host.plan, secrets: Secrets(), keeping: KeepRule(last: 1), dryRun: true)
            #expect(pruning.kept.contains(large))

            try host.loseData()
            let told = try await host.restoreData(["files"])
            #expect(try content("\(host.stackDirectory)/files/one") == "what is left")
            #expect(
                told.contains {
                    $0.contains("is much smaller than it was") && $0.contains("\"restore\": \"\(large)\"")
                },
                "\(told)")

            try EarlierRuns(host: host.host).accept(["files"], of: host.plan)
            #expect(try await host.manifest(of: host.backUp(daysAgo: 6)).shrunk == [:])
            try host.fill("files/big", megabytes: 3)
            #expect(try await host.manifest(of: host.backUp(daysAgo: 5)).shrunk == [:])
            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/files/big")
            host.plan.backup?.shrinkAlert = 0
            #expect(try await host.manifest(of: host.backUp(daysAgo: 4)).shrunk == [:])
        }
    }

    @Test("where it is the same that is saved: a change of 'exclude' is no loss")
    func selection() async throws {
        try await BackedUpHost.with { host in
            try host.fill("files/cache/big", megabytes: 3)
            try host.write("picture", to: "files/one")
            try await host.backUp(daysAgo: 2)
            host.plan.containers["web"]?.volumes[1].backup?.exclude = ["cache"]
            #expect(try await host.manifest(of: host.backUp(daysAgo: 1)).shrunk == [:])
        }
    }

    @Test("a dump too")
    func dump() async throws {
        try await BackedUpHost.withContainer { host in
            try host.write("rows", to: "database/table")
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(
                mode: .hook, dump: ["sh", "-c", "head -c $(cat /size) /dev/urandom"], load: ["cat"])
            try await host.sandbox.podman("exec", "acme-web", "sh", "-c", "echo 2000000 >/size")
            let first = try await host.backUp(daysAgo: 1)
            #expect(try await host.manifest(of: first).archive(of: "database")?.read == DataExtent(bytes: 2_000_000))
            try await host.sandbox.podman("exec", "acme-web", "sh", "-c", "echo 2000 >/size")
            let shrunk = try await host.manifest(of: host.backUp()).archive(of: "database")?.shrunk
            #expect(shrunk == DataShrink(run: first, before: DataExtent(bytes: 2_000_000)))
        }
    }
}
