import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@testable import Backup

/// J4: a run that fails holds no other one back.
@Suite("Runs that wait for a target", .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct DeliveryTests {
    @Test("a run that the target does not take keeps neither newer nor older ones from it")
    func oneFails() async throws {
        try await BackedUpHost.with { host in
            try host.write("mine", to: "database/table")
            var runs: [BackupRunID] = []
            for day in [2, 1, 0] as [Int64] { runs.append(try await host.seal(host.copy(daysAgo: day))) }
            // Somebody else's, under the name of the one in the middle.
            try host.fixture.scratch.write("hers", to: "store/acme/vsn1/\(runs[1])/manifest.json")
            for expected in [[runs[0], runs[2]], []] {
                let delivery = try #require(try await host.deliver().first)
                #expect(delivery.delivered == expected)
                #expect(delivery.failure?.message.contains("\(runs[1])") == true, "\(delivery.failure as Any)")
                #expect(!delivery.isComplete)
                #expect(try host.backups().undelivered() == [runs[1]])
            }
            let known = try await host.backups().runs(of: host.plan, secrets: Secrets(), limit: .max).found
            #expect(known.map(\.run) == runs.reversed())
        }
    }

    @Test(
        "a local directory that vanished or is emptied is not filled anew: the delivery fails, with the way on, until it is back or given up"
    )
    func vanished() async throws {
        try await BackedUpHost.with { host in
            try host.write("mine", to: "database/table")
            let first = try await host.backUp(daysAgo: 3)
            let away = "\(host.fixture.scratch.path)/away"
            try FileManager.default.moveItem(atPath: host.store, toPath: away)
            let second = try await host.seal(host.copy(daysAgo: 2))
            let failed = try #require(try await host.deliver().first)
            #expect(failed.failure?.message.contains("'\(host.store)' of backup target 'nas' is missing") == true)
            #expect(failed.failure?.hint.contains("mkdir -p \(host.store)/acme") == true)
            #expect(!FileManager.default.fileExists(atPath: host.store))
            let unread = try await host.backups().runs(of: host.plan, secrets: Secrets(), limit: 20).unread
            #expect(unread["nas"]?.message.contains("is missing") == true, "\(unread)")

            try FileManager.default.moveItem(atPath: away, toPath: host.store)
            #expect(try await host.deliver().first?.delivered == [second])
            #expect(
                try await host.backups().runs(of: host.plan, secrets: Secrets(), limit: 20).found.map(\.run) == [
                    second, first,
                ])

            // The mount point of its disk, which is away.
            try FileManager.default.removeItem(atPath: host.store)
            try FileManager.default.createDirectory(atPath: host.store, withIntermediateDirectories: false)
            let third = try await host.seal(host.copy(daysAgo: 1))
            #expect(try await host.deliver().first?.failure?.message.contains("is empty, and runs") == true)
            // It is lost, and somebody says so.
            try FileManager.default.createDirectory(atPath: "\(host.store)/acme", withIntermediateDirectories: false)
            #expect(try await host.deliver().first?.delivered == [third])
            // Another place in the plan is a new one.
            let other = "\(host.fixture.scratch.path)/other"
            host.plan.backup?.targets["nas"] = BackupTarget(store: .directory(other, local: true))
            let fourth = try await host.backUp(daysAgo: 0)
            #expect(FileManager.default.fileExists(atPath: "\(other)/acme/vsn1/\(fourth)") && third != fourth)
        }
    }

    @Test("a target that does not answer is named when runs are listed, and costs only what it holds")
    func unread() async throws {
        try await BackedUpHost.with { host in
            try host.write("mine", to: "database/table")
            let run = try await host.seal(host.copy(daysAgo: 0))
            _ = try await host.deliver()
            let nowhere = ["type": "ftp", "host": "127.0.0.1", "port": "1", "user": "acme", "pass": "secret"]
            host.plan.backup?.targets["away"] = BackupTarget(
                store: .rclone(options: nowhere.mapValues { SecretText(source: $0) }, path: "acme"))
            let known = try await host.backups().runs(of: host.plan, secrets: Secrets(), limit: 20)
            #expect(known.found.map(\.run) == [run])
            #expect(known.unread.keys.sorted() == ["away"])
            #expect(known.unread["away"]?.message.contains("connection refused") == true, "\(known.unread)")
        }
    }

    @Test("runs whose lock nobody can read are delivered, told, and do not wait on this host")
    func noLocks() async throws {
        try await BackedUpHost.with { host in
            // The plan of a host that an earlier version let through.
            host.plan.backup?.targets["nas"]?.lock = PlanDuration("180d")
            try host.write("mine", to: "database/table")
            var runs: [BackupRunID] = []
            for day in [1, 0] as [Int64] { runs.append(try await host.seal(host.copy(daysAgo: day))) }
            let delivery = try #require(try await host.deliver().first)
            #expect(delivery.delivered == runs)
            #expect(delivery.failure == nil, "\(delivery.failure as Any)")
            #expect(!delivery.isComplete)
            #expect(delivery.unlocked.count == 2)
            let words = "knows no object locks: its type is 'local'"
            #expect(delivery.unlocked.allSatisfy { $0.contains(words) }, "\(delivery.unlocked)")
            #expect(try host.backups().undelivered() == [])
        }
    }

    @Test(
        "a key that may not read locks holds nothing back in a real bucket",
        .enabled(if: mustRun || S3Server.unavailable == nil))
    func blindKey() async throws {
        try await BackedUpHost.with { host in
            let bucket = try await S3Bucket(lockDays: 1, on: S3Server.shared())
            let options = bucket.options(try await bucket.key(of: "vsn1", without: ["GetObjectRetention"]))
            let texts = Dictionary(uniqueKeysWithValues: options.map { ($0, SecretText(source: $1)) })
            host.plan.backup?.targets = [
                "offsite": BackupTarget(
                    store: .rclone(options: texts, path: "\(bucket.name)/vsn1"), lock: PlanDuration("1d"))
            ]
            try host.write("mine", to: "database/table")
            var runs: [BackupRunID] = []
            for day in [1, 0] as [Int64] { runs.append(try await host.seal(host.copy(daysAgo: day))) }
            let delivery = try #require(try await host.deliver().first)
            #expect(delivery.delivered == runs)
            #expect(delivery.unlocked.contains { $0.contains("nothing tells whether") }, "\(delivery)")
            #expect(try host.backups().undelivered() == [])
        }
    }

    @Test("a spool that no target empties gives up old runs for new ones, never the newest", .enabled(if: isRoot))
    func fullDisk() async throws {
        try await BackedUpHost.with { host in
            try host.write("in the way", to: "../../store")
            try FileManager.default.createDirectory(
                atPath: host.stackDirectory + "/database", withIntermediateDirectories: true)
            let scratch = host.fixture.scratch
            var copied = host
            try await withTmpfs(size: "12m", in: scratch) { path in
                copied.fixture.configuration.stateDirectory = path
                copied.fixture.configuration.minimumFreeSpace = ByteCount(bytes: 3 << 20)
                var runs: [BackupRunID] = []
                let notes = Notes()
                for day in (0..<8).reversed() {
                    _ = try copied.fixture.file(bytes: 2_000_000, named: "data/acme/database/table")
                    runs.append(
                        try await copied.seal(copied.copy(daysAgo: Int64(day), note: { notes.add($0) })))
                }
                let waiting = try copied.backups().undelivered()
                #expect(waiting.last == runs.last)
                #expect(waiting == Array(runs.suffix(waiting.count)))
                #expect((2...5).contains(waiting.count), "\(waiting)")
                let given = notes.all.filter { $0.contains("made room") }
                #expect(given.count == runs.count - waiting.count)
                #expect(given.first == "run \(runs[0]), which waited for a target, made room for this one")
            }
        }
    }
}
