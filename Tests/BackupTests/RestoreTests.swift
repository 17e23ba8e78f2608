import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite("J9: missing data comes from the newest backup", .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct RestoreTests {
    @Test(
        "every file is what it was, owners, modes, attributes and links too",
        .enabled(if: mustRun || HardTree.unavailable == nil))
    func fidelity() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await HardTree.make("\(host.stackDirectory)/files", smallFiles: 50, bigFile: 3 << 20)
            let run = try await host.backUp(partSize: 1 << 16)
            try FileManager.default.moveItem(atPath: host.stackDirectory, toPath: host.saved)

            let told = try await host.restoreData()
            #expect(
                told.contains { $0.hasPrefix("data directory 'files': restored from run \(run) of 'vsn1' (3 h old, ") })
            #expect(told.allSatisfy { $0.hasSuffix("target 'nas')") }, "\(told)")
            #expect(host.entries() == ["database", "files"])
            for name in ["database", "files"] {
                let (saved, restored) = ("\(host.saved)/\(name)", "\(host.stackDirectory)/\(name)")
                #expect(try await HardTree.differences(saved, restored) == [])
            }
        }
    }

    /// Something that happens to a stored run.
    enum Damage: String, CaseIterable, Sendable {
        case changedByte, missingPart, shortPart, changedManifest, otherSigner, copiedRun, unreadable

        func happen(to run: BackupRunID, older: BackupRunID, _ host: BackedUpHost) async throws {
            let (part, manifest) = (host.part(of: run), "\(host.path(of: run))/manifest.json")
            let files = FileManager.default
            switch self {
            case .changedByte:
                var bytes = [UInt8](try Data(contentsOf: URL(filePath: part)))
                bytes[bytes.count / 2] ^= 1
                try Data(bytes).write(to: URL(filePath: part))
            case .missingPart: try files.removeItem(atPath: part)
            case .shortPart:
                let bytes = try Data(contentsOf: URL(filePath: part))
                try bytes.dropLast().write(to: URL(filePath: part))
            case .changedManifest:
                let text = try content(manifest).replacing("1.0.0", with: "1.0.1")
                try Data(text.utf8).write(to: URL(filePath: manifest))
            case .otherSigner:
                let key = try await BackedUpHost.signingKey("\(host.fixture.scratch.path)/foreign-\(UUID())")
                try files.removeItem(atPath: "\(manifest).sig")
                let sign = ["-Y", "sign", "-q", "-f", key, "-n", "fairlead-backup", manifest]
                _ = try await Command("/usr/bin/ssh-keygen", sign).run()
            case .copiedRun:
                // Old data with its valid signature, under a new name.
                try files.removeItem(atPath: host.path(of: run))
                try files.copyItem(atPath: host.path(of: older), toPath: host.path(of: run))
            case .unreadable:
                try await replaceByWhatDoesNotOpen(part, manifest, host)
            }
        }

        /// The bytes that were signed, and yet no backup.
        private func replaceByWhatDoesNotOpen(
            _ part: String, _ manifest: String, _ host: BackedUpHost
        ) async throws {
            let old = try await Self.facts(part)
            try FileManager.default.removeItem(atPath: part)
            try FileManager.default.copyItem(atPath: manifest, toPath: part)
            let new = try await Self.facts(part)
            let text = try content(manifest).replacing(old.sum, with: new.sum)
                .replacing("\"bytes\" : \(old.size)", with: "\"bytes\" : \(new.size)")
            try Data(text.utf8).write(to: URL(filePath: manifest))
            try FileManager.default.removeItem(atPath: "\(manifest).sig")
            let sign = ["-Y", "sign", "-q", "-f", host.fixture.configuration.signingKey, "-n", "fairlead-backup"]
            _ = try await Command("/usr/bin/ssh-keygen", sign + [manifest]).run()
        }

        private static func facts(_ path: String) async throws -> (sum: String, size: Int) {
            let sum = try await Command("/usr/bin/sha256sum", [path]).run().text.prefix(64)
            return (String(sum), try Data(contentsOf: URL(filePath: path)).count)
        }
    }

    @Test("a newer run that is not what was saved is told and passed over", arguments: Damage.allCases)
    func older(damage: Damage) async throws {
        try await BackedUpHost.with { host in
            try host.write("Monday", to: "database/table")
            let good = try await host.backUp(daysAgo: 1)
            try host.write("Tuesday", to: "database/table")
            let bad = try await host.backUp()
            try host.loseData()
            try await damage.happen(to: bad, older: good, host)

            let told = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "Monday", "\(told)")
            #expect(host.entries() == ["database"])
            #expect(told.contains { $0.contains("run \(bad) of 'vsn1' on 'nas' is not used: ") }, "\(told)")
            #expect(told.contains { $0.contains("restored from run \(good)") && $0.contains("27 h old") }, "\(told)")
        }
    }

    @Test("where nothing usable is left of what was saved, nothing starts on empty data", arguments: Damage.allCases)
    func nothingUsable(damage: Damage) async throws {
        guard damage != .copiedRun else { return }
        try await BackedUpHost.with { host in
            try host.write("Tuesday", to: "database/table")
            let run = try await host.backUp()
            try host.loseData()
            try await damage.happen(to: run, older: run, host)
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            #expect(error?.message.contains("no backup of data directory 'database' can be used") == true)
            #expect(error?.message.contains("\(run)") == true)
            #expect(error?.hint.contains("\"restore\": \"never\"") == true)
            #expect(host.entries() == [])
        }
    }

    @Test("a run made while the clock was years ahead does not stand before those made after it was put right")
    func clockSetBack() async throws {
        try await BackedUpHost.with { host in
            try host.write("Monday", to: "database/table")
            let ahead = try await host.backUp(daysAgo: -2000)
            try host.write("Tuesday", to: "database/table")
            let newest = try await host.backUp()
            #expect(newest > ahead)
            try host.loseData()
            let told = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "Tuesday", "\(told)")
            #expect(told.contains { $0.contains("restored from run \(newest)") }, "\(told)")
        }
    }

    @Test("a data directory that no run holds starts empty, and is told")
    func newDirectory() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await host.backUp()
            try host.loseData()
            let told = try await host.restoreData()
            #expect(told.contains("no backup holds data directory 'files': it starts empty"), "\(told)")
            #expect(host.entries() == ["database"])
        }
    }

    @Test("where the plan requires a backup, one that no run holds is an error, and nothing is touched")
    func required() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await host.backUp()
            try host.loseData()
            host.plan.backup?.restore = .required
            let error = await #expect(throws: HostError.self) { try await host.restoreData() }
            #expect(error?.message.contains("no backup holds data directory 'files'") == true, "\(error as Any)")
            #expect(error?.hint.contains(#""restore": "newest""#) == true)
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "rows")
        }
    }

    @Test("what is wrong with an older run than a valid one is of no matter to what the valid one does not hold")
    func olderDamage() async throws {
        try await BackedUpHost.with { host in
            try host.write("Monday", to: "database/table")
            let bad = try await host.backUp(daysAgo: 1)
            let good = try await host.backUp()
            try host.loseData()
            try await Damage.changedManifest.happen(to: bad, older: good, host)
            _ = try await host.restoreData()
            #expect(host.entries() == ["database"])
        }
    }

    @Test("the run that the plan names is the one that is used, and an error where there is none")
    func pinned() async throws {
        try await BackedUpHost.with { host in
            try host.write("Monday", to: "database/table")
            let monday = try await host.backUp(daysAgo: 1)
            try host.write("Tuesday", to: "database/table")
            try await host.backUp()
            try host.loseData()
            host.plan.backup?.restore = .run("20200101T020000Z")
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            #expect(error?.message == "'restore' names run 20200101T020000Z, which no target has")
            host.plan.backup?.restore = .run("\(monday)")
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "Monday")
        }
    }

    @Test("a storage that cannot be reached is told where another one serves, else it is tried again later")
    func unreachable() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await host.backUp()
            try host.loseData()
            let lost = BackupTarget(store: .directory("\(host.fixture.scratch.path)/unmounted", local: false))
            host.plan.backup?.targets["away"] = lost
            let told = try await host.restoreData(["database"])
            #expect(told.contains { $0.hasPrefix("backup target 'away' is not used: ") }, "\(told)")
            #expect(try content("\(host.stackDirectory)/database/table") == "rows")

            try host.loseData()
            host.plan.backup?.targets = ["away": lost]
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            #expect(error?.disposition == .transient)
            #expect(
                error?.message.hasPrefix("backup target 'away' cannot be asked for data directory 'database'") == true)
        }
    }

    @Test("S7: what was filled while the backup was fetched is left as it is")
    func filledMeanwhile() async throws {
        try await BackedUpHost.with { host in
            try host.write("old", to: "database/table")
            try await host.backUp()
            try host.loseData()
            _ = try await host.fetchData(["database"])
            try host.write("new", to: "database/table")
            let before = attributes("\(host.stackDirectory)/database")
            let told = try await host.restore.placeData(of: host.plan)
            #expect(told.map(\.text) == ["not restored: it was filled meanwhile, and is left as it is"])
            #expect(try content("\(host.stackDirectory)/database/table") == "new")
            #expect(attributes("\(host.stackDirectory)/database") == before)
            #expect(host.entries() == ["database"])
        }
    }

    @Test("an empty data directory is filled, and what an earlier deployment left beside it goes")
    func leftovers() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await host.backUp()
            try FileManager.default.removeItem(atPath: "\(host.stackDirectory)/database/table")
            try host.write("half", to: ".fairlead-restore-database/files/table")
            try host.write("half", to: ".fairlead-restore-gone/files/table")
            #expect(try await host.restore.conditions(of: ["database"], in: host.plan) == ["database": .empty])
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "rows")
            #expect(host.entries() == ["database", "files"])
        }
    }

    @Test("a dump of which nobody says how to load it is refused before anything is touched")
    func dumpWithoutLoad() async throws {
        try await BackedUpHost.with { host in
            let image = "localhost/dumping:1"
            try await host.sandbox.load(PodmanTestImage(command: "/bin/sleep", "600"), as: image)
            try await host.sandbox.podman("run", "--detach", "--name", "acme-web", "--network", "none", image)
            host.plan.containers["web"]?.volumes[0].backup = VolumeBackup(mode: .hook, dump: ["echo", "rows"])
            try await host.backUp()
            let error = await #expect(throws: HostError.self) { try await host.fetchData(["database"]) }
            #expect(error?.message.hasSuffix("is a dump, and nobody says how to load it") == true, "\(error as Any)")
            #expect(host.entries() == ["database", "files"])
        }
    }

    @Test("where there is not enough room nothing is fetched")
    func noRoom() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            try await host.backUp()
            try host.loseData()
            var fixture = host.fixture
            fixture.configuration.minimumFreeSpace = ByteCount(bytes: 1 << 60)
            let full = DataRestore(host: fixture.host) { Timestamp(milliseconds: 0) }
            let plan = host.plan
            let error = await #expect(throws: HostError.self) {
                try await full.fetchData(for: ["database"], of: plan, secrets: Secrets()) { _ in }
            }
            #expect(error?.message.hasPrefix("there is no room to restore data directory 'database'") == true)
            #expect(error?.disposition == .transient)
            #expect(host.entries() == [])
        }
    }
}
