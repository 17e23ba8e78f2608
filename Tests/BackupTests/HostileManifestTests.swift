import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

/// J5, T1: what a storage or another host of the stack says is read into values that cannot mean a place elsewhere (H5).
@Suite(
    "A manifest that a trusted host has signed and that is not what it should be",
    .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct HostileManifestTests {
    /// What is changed in the manifest, whose signature is good afterwards.
    enum Lie: String, CaseIterable, Sendable {
        case climbingVolume, nestedVolume, volumeOfOurs, hiddenSlash, climbingPart, noDigest, optionAsSnapshot,
            climbingHost

        func told(in manifest: inout [String: Any]) {
            var volumes = manifest["volumes"] as? [String: Any] ?? [:]
            var database = volumes["database"] as? [String: Any] ?? [:]
            var parts = database["parts"] as? [[String: Any]] ?? []
            var name = "database"
            switch self {
            case .climbingVolume: name = "x/../../../../escaped"
            case .nestedVolume: name = "x/y"
            case .volumeOfOurs: name = ".fairlead-restore-x"
            case .hiddenSlash: name = "x/\u{338}../\u{338}y"
            case .climbingPart: parts[0]["name"] = "../../vsn1/x"
            case .noDigest: parts[0]["sha256"] = ""
            case .optionAsSnapshot: database["snapshot"] = ["id": "--repo=/x", "bytes": 1, "earlier": [] as [Any]]
            case .climbingHost: manifest["host"] = "../vsn1"
            }
            database["parts"] = parts
            volumes["database"] = nil
            volumes[name] = database
            manifest["volumes"] = volumes
        }
    }

    @Test(
        "it costs itself only: it is named, nothing of it is written, and the next older one is used",
        arguments: Lie.allCases)
    func names(lie: Lie) async throws {
        try await BackedUpHost.with { host in
            try host.write("Monday", to: "database/table")
            let good = try await host.backUp(daysAgo: 1)
            try host.write("Tuesday", to: "database/table")
            let bad = try await host.backUp()
            try await host.change(bad) { lie.told(in: &$0) }
            try host.loseData()
            let before = try host.everything()

            let notes = Notes()
            let items = try await BackupExtraction(host: host.fixture.host) { Timestamp(milliseconds: 0) }
                .extract(.init(), of: host.plan, secrets: Secrets(), to: "\(host.fixture.scratch.path)/out") {
                    notes.add($0)
                }
            #expect(items.map(\.run) == [good] && items.map(\.name) == ["database"], "\(notes.all)")
            #expect(
                notes.all.contains { $0.contains("run \(bad) of 'vsn1' on 'nas' is not used: its manifest is damaged") }
            )
            #expect(notes.all.allSatisfy { !$0.contains("escaped") })
            #expect(try host.everything().subtracting(before).allSatisfy { $0.hasPrefix("out") || $0.hasPrefix("run") })

            let backups = host.backups()
            let known = try await backups.runs(of: host.plan, secrets: Secrets(), limit: 20).found
            #expect(known.map(\.run) == [bad, good])
            let problems = try await backups.verify(known[0], of: host.plan, secrets: Secrets())
            #expect(problems.count == 1 && problems[0].hasPrefix("its manifest is damaged"), "\(problems)")
            #expect(try await backups.verify(known[1], of: host.plan, secrets: Secrets()) == [])
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "Monday")
        }
    }

    @Test("a file of any size beside good runs is named, and keeps nobody from listing, restoring and pruning")
    func planted() async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            let run = try await host.backUp()
            for (name, place, size) in [
                ("manifest.json", "vsn1/20991231T000000Z", 17 << 20),
                ("manifest.json.sig", "vsn0/20991230T000000Z", 1 << 17),
            ] {
                try host.fixture.scratch.write("{}", to: "store/acme/\(place)/manifest.json")
                try Data(count: size).write(to: URL(filePath: "\(host.store)/acme/\(place)/\(name)"))
            }
            let known = try await host.backups().runs(of: host.plan, secrets: Secrets(), limit: 20).found
            #expect(known.count == 3 && known.map(\.run).contains(run))
            let reasons = known.compactMap { if case .invalid(let reason) = $0.state { reason } else { nil } }
            #expect(reasons.contains("its manifest has \(17 << 20) bytes, more than one can have"))
            #expect(reasons.contains("its signature has \(1 << 17) bytes, more than one can have"))
            let pruning = try await host.backups().prune(
                "nas", of: host.plan, secrets: Secrets(), keeping: KeepRule(last: 1), dryRun: false)
            #expect(pruning.kept == [run])
            try host.loseData()
            let told = try await host.restoreData(["database"])
            #expect(told.contains { $0.contains("20991231T000000Z") }, "\(told)")
            #expect(try content("\(host.stackDirectory)/database/table") == "rows")
        }
    }

    @Test(
        "who signs speaks for one host: a run in another one's directory, or with its name, is refused",
        arguments: [true, false])
    func otherHost(isNamed: Bool) async throws {
        try await BackedUpHost.with { host in
            try host.write("rows", to: "database/table")
            let good = try await host.backUp(daysAgo: 1)
            let forged = try await host.backUp()
            let other = try await BackedUpHost.signingKey("\(host.fixture.scratch.path)/other")
            let key = try content("\(other).pub").split(separator: " ").prefix(2).joined(separator: " ")
            host.plan.backup?.signers = [isNamed ? "vsn2 \(key)" : key]
            // Newer than what this host has made itself; that other one is trusted, for its own runs.
            let later = try host.copyRun(forged, to: "20261122T020000Z", of: "vsn1")
            try await host.change(later, signingWith: other) { $0["run"] = "\(later)" }
            let mine = try host.copyRun(good, to: "20261123T020000Z", of: "vsn2")
            try await host.change(mine, of: "vsn2") { manifest in
                manifest["run"] = "\(mine)"
                manifest["host"] = "vsn2"
            }
            let reasons = try await host.reasons()
            let whose = isNamed ? "by host 'vsn2'" : "by another host's key of 'backup.signers'"
            #expect(reasons["\(later)"] == "it is signed \(whose), which cannot speak for 'vsn1'", "\(reasons)")
            #expect(reasons["\(mine)"] == "it is signed by host 'vsn1', which cannot speak for 'vsn2'", "\(reasons)")
            try host.loseData()
            #expect(try await host.restoreData(["database"]).contains { $0.contains("restored from run \(forged) ") })

            // A new machine of that name has made no run yet, and knows the old one's key.
            let machine = try host.copiedMachine()
            let told = try? await machine.restoreData(["database"])
            let isUsed = told?.contains { $0.contains("restored from run \(later) ") } ?? false
            #expect(isUsed == !isNamed, "\(told ?? [])")
        }
    }
}

extension BackedUpHost {
    /// Signs the manifest again after a change.
    func change(
        _ run: BackupRunID, of owner: String = "vsn1", signingWith key: String? = nil,
        _ change: (inout [String: Any]) -> Void
    ) async throws {
        let path = "\(store)/acme/\(owner)/\(run)/manifest.json"
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        var manifest = object as? [String: Any] ?? [:]
        change(&manifest)
        try JSONSerialization.data(withJSONObject: manifest).write(to: URL(filePath: path))
        try FileManager.default.removeItem(atPath: "\(path).sig")
        let sign = ["-Y", "sign", "-q", "-f", key ?? fixture.configuration.signingKey, "-n", "fairlead-backup", path]
        _ = try await Command("/usr/bin/ssh-keygen", sign).run()
    }

    /// In the storage.
    func copyRun(_ run: BackupRunID, to name: String, of owner: String) throws -> BackupRunID {
        let files = FileManager.default
        try files.createDirectory(atPath: "\(store)/acme/\(owner)", withIntermediateDirectories: true)
        try files.copyItem(atPath: path(of: run), toPath: "\(store)/acme/\(owner)/\(name)")
        guard let copied = BackupRunID(name) else { throw TestProgramFailure("'\(name)' is no run") }
        return copied
    }

    /// Why runs are none, by their names.
    func reasons() async throws -> [String: String] {
        let known = try await backups().runs(of: plan, secrets: Secrets(), limit: 100).found
        return known.reduce(into: [:]) { reasons, known in
            if case .invalid(let reason) = known.state { reasons["\(known.run)"] = reason }
        }
    }

    /// Every file of the scratch directory, by its path.
    func everything() throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: fixture.scratch.path).filter { !$0.hasPrefix("store") })
    }
}
