import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "J6: a new installation begins with the vendor's vanilla backup",
    .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct VanillaTests {
    @Test(
        "it is copied to the customer's storage, and from there every file comes as it was",
        .enabled(if: mustRun || HardTree.unavailable == nil))
    func fidelity() async throws {
        try await BackedUpHost.with { host in
            let tree = "\(host.fixture.scratch.path)/tree"
            try await HardTree.make(tree, smallFiles: 20, bigFile: 3 << 20)
            try await host.useVendor(vanilla: ["files": tree, "database": try host.tree("db", "table", "empty")])
            let told = try await host.restoreData()
            let restored = "'files': restored from the vendor's vanilla backup of version 1.0.0 ("
            #expect(told.contains { $0.contains(restored) }, "\(told)")
            #expect(told.contains { $0.hasSuffix("is copied to 'nas'") }, "\(told)")
            #expect(try await HardTree.differences(tree, "\(host.stackDirectory)/files") == [])
            #expect(try content("\(host.stackDirectory)/database/table") == "empty")
            #expect(host.entries() == ["database", "files"])

            // From now on the vendor is not asked.
            try FileManager.default.removeItem(atPath: host.vendorStore)
            try host.loseData()
            _ = try await host.restoreData(["database"])
            #expect(try content("\(host.stackDirectory)/database/table") == "empty")
        }
    }

    @Test("what a run of the customer holds comes from that, and only the rest from the vendor")
    func runsFirst() async throws {
        try await BackedUpHost.with { host in
            try host.write("customers", to: "database/table")
            try await host.backUp()
            try host.loseData()
            try await host.useVendor(vanilla: [
                "files": try host.tree("files", "index", "page"), "database": try host.tree("db", "table", "empty"),
            ])
            _ = try await host.restoreData()
            #expect(try content("\(host.stackDirectory)/database/table") == "customers")
            #expect(try content("\(host.stackDirectory)/files/index") == "page")
        }
    }

    @Test("without one for this version, or for a directory, that starts empty and is told; 'never' asks nobody")
    func none() async throws {
        try await BackedUpHost.with { host in
            let tree = try host.tree("db", "table", "empty")
            try await host.useVendor(vanilla: ["database": tree], version: "0.9.0")
            let told = try await host.restoreData()
            let none = "the vendor has no vanilla backup of 'database', 'files' for version 1.0.0"
            #expect(told.contains(none), "\(told)")
            #expect(told.contains("no backup holds data directory 'files': it starts empty"), "\(told)")
            #expect(host.entries() == [])

            try await host.useVendor(vanilla: ["database": tree])
            host.plan.backup?.restore = .run("20200101T020000Z")
            _ = await #expect(throws: HostError.self) { try await host.fetchData() }
            host.plan.backup?.restore = .newest
            #expect(try await host.restoreData().contains("no backup holds data directory 'files': it starts empty"))
            #expect(host.entries() == ["database"])
        }
    }

    /// Something that is wrong with what the vendor has.
    enum Damage: String, CaseIterable, Sendable {
        case changedByte, missingPart, changedManifest, otherSigner, otherVersion, notSigned

        func happen(to host: BackedUpHost) async throws -> String {
            let (files, manifest) = (FileManager.default, "\(host.vanilla)/manifest.json")
            let part = "\(host.vanilla)/database.tar.zst.0000"
            switch self {
            case .changedByte:
                var bytes = [UInt8](try Data(contentsOf: URL(filePath: part)))
                bytes[bytes.count / 2] ^= 1
                try Data(bytes).write(to: URL(filePath: part))
                return "part 'database.tar.zst.0000' is not the one that was saved"
            case .missingPart:
                try files.removeItem(atPath: part)
                return "parts of it are missing"
            case .changedManifest:
                try Data(try content(manifest).replacing("database", with: "files").utf8)
                    .write(to: URL(filePath: manifest))
                return "its signature is of none of the vendor's 'signers'"
            case .otherSigner:
                try files.removeItem(atPath: "\(manifest).sig")
                // A backup's signature is none of a release, and this host's key is not the vendor's.
                let key = host.fixture.configuration.signingKey
                _ = try await Command(
                    "/usr/bin/ssh-keygen", ["-Y", "sign", "-q", "-f", key, "-n", "fairlead-release", manifest]
                ).run()
                return "its signature is of none of the vendor's 'signers'"
            case .otherVersion:
                try files.moveItem(
                    atPath: "\(host.vendorStore)/releases/1.0.0", toPath: "\(host.vendorStore)/releases/1.0.1")
                return "its manifest is that of version '1.0.0'"
            case .notSigned:
                try files.removeItem(atPath: "\(manifest).sig")
                return "it is not signed"
            }
        }
    }

    @Test("one that is not what the vendor signed is refused with the reason", arguments: Damage.allCases)
    func forged(damage: Damage) async throws {
        try await BackedUpHost.with { host in
            try await host.useVendor(vanilla: ["database": try host.tree("db", "table", "empty")])
            let reason = try await damage.happen(to: host)
            if damage == .otherVersion { host.plan.version = "1.0.1" }
            let error = await #expect(throws: HostError.self) { try await host.fetchData() }
            let place = damage == .changedByte ? " for data directory 'database'" : ""
            #expect(error?.message.hasSuffix("cannot be used\(place): \(reason)") == true, "\(error as Any)")
            #expect(error?.disposition == .permanent)
            #expect(error?.hint.contains("\"restore\": \"never\"") == true)
            #expect(host.entries() == [])
        }
    }

    @Test("a vendor out of reach is tried again later, and nothing starts empty meanwhile")
    func unreachable() async throws {
        try await BackedUpHost.with { host in
            try await host.useVendor()
            host.plan.backup?.vendor?.target = BackupTarget(store: .directory("/nowhere/vendor", local: false))
            let error = await #expect(throws: HostError.self) { try await host.fetchData() }
            #expect(error?.message.hasPrefix("the vendor's storage cannot be asked for a vanilla backup: ") == true)
            #expect(error?.disposition == .transient)
            #expect(host.entries() == [])
        }
    }

    /// A storage that is not the vendor's, although nothing fails when it is listed.
    enum Absence: String, CaseIterable, Sendable {
        case gone, notMounted, isFile, otherPrefix, noBucket

        func happen(to host: inout BackedUpHost) async throws -> String {
            let files = FileManager.default
            switch self {
            case .gone:
                try files.moveItem(atPath: host.vendorStore, toPath: "\(host.vendorStore)-away")
                return "'\(host.vendorStore)' is not there"
            case .notMounted:
                try files.removeItem(atPath: "\(host.vendorStore)/releases")
                return "no release lies there"
            case .isFile:
                try files.removeItem(atPath: host.vendorStore)
                try host.fixture.scratch.write("", to: "vendor")
                return "'\(host.vendorStore)' is no directory"
            case .otherPrefix, .noBucket:
                let bucket = try await S3Bucket(lockDays: nil, on: S3Server.shared())
                let options = bucket.options(try await bucket.key(of: "vsn1")).mapValues { SecretText(source: $0) }
                let path = self == .noBucket ? "no-such-bucket/vsn1" : "\(bucket.name)/vsn1"
                host.plan.backup?.vendor?.target = BackupTarget(store: .rclone(options: options, path: path))
                return self == .noBucket ? "vendor" : "no release lies there"
            }
        }
    }

    @Test(
        "a vendor's storage that has gone is not one without a vanilla backup: nothing starts empty",
        arguments: Absence.allCases)
    func absent(absence: Absence) async throws {
        guard ![.otherPrefix, .noBucket].contains(absence) || mustRun || S3Server.unavailable == nil else { return }
        try await BackedUpHost.with { host in
            try await host.useVendor(vanilla: ["database": try host.tree("db", "table", "empty")])
            let reason = try await absence.happen(to: &host)
            let error = await #expect(throws: HostError.self) { try await host.fetchData() }
            #expect(error?.message.hasPrefix("the vendor's storage cannot be asked for a vanilla backup: ") == true)
            #expect(error?.message.contains(reason) == true, "\(error as Any)")
            #expect(error?.disposition == .transient)
            #expect(host.entries() == [])
        }
    }

    @Test("one that is still being brought there, without its manifest, is refused instead of taken for none")
    func unfinished() async throws {
        try await BackedUpHost.with { host in
            try await host.useVendor(vanilla: ["database": try host.tree("db", "table", "empty")])
            try FileManager.default.removeItem(atPath: "\(host.vanilla)/manifest.json")
            let error = await #expect(throws: HostError.self) { try await host.fetchData() }
            #expect(error?.message.hasSuffix("there is no 'manifest.json'") == true, "\(error as Any)")
            #expect(host.entries() == [])
        }
    }

    @Test("a copy that was cut off, or that somebody changed, is copied again; one target that takes it is enough")
    func copies() async throws {
        try await BackedUpHost.with { host in
            try await host.useVendor(vanilla: ["database": try host.tree("db", "table", "empty")])
            // Nothing can be put there.
            try host.fixture.scratch.write("", to: "full/acme/releases")
            host.plan.backup?.targets["full"] = BackupTarget(
                store: .directory("\(host.fixture.scratch.path)/full", local: true))
            for file in ["database.tar.zst.0000", "manifest.json.sig"] {
                _ = try await host.restoreData(["database"])
                #expect(try content("\(host.stackDirectory)/database/table") == "empty")
                try FileManager.default.removeItem(atPath: "\(host.vanillaCopy)/\(file)")
                try host.loseData()
            }
            _ = try await host.restoreData(["database"])
            #expect(host.entries() == ["database"])
        }
    }
}
