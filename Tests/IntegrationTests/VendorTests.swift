import Foundation
import Journal
import Planning
import Processes
import TestSupport
import Testing

@Suite(
    "J6: what a vendor packs reaches a customer's host and storage",
    .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(5)))
struct VendorTests {
    @Test("a new installation starts on the vanilla backup; the release's files follow, by the daemon or a backup")
    func installation() async throws {
        try await VSN.withBackups { vsn in
            let vendor = "\(vsn.scratch.path)/vendor"
            try vsn.scratch.write("empty tables", to: "vanilla/rows")
            try vsn.scratch.write("what is new", to: "notes/changes")
            _ = try await Command(
                "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(vsn.scratch.path)/release"]
            ).run()
            for version in ["1.0.0", "1.1.0"] {
                let packed = try await Command(
                    FairleadBinary.path,
                    [
                        "vendor", "pack", version, "--key", "\(vsn.scratch.path)/release", "--to", vendor,
                        "--vanilla", "database=\(vsn.scratch.path)/vanilla", "--files", "\(vsn.scratch.path)/notes",
                    ], environment: vsn.environment
                ).runToEnd()
                #expect(packed.status == 0 && packed.text == "\(vendor)/releases/\(version)\n", "\(packed.errorTail)")
            }
            let key = try String(contentsOfFile: "\(vsn.scratch.path)/release.pub", encoding: .utf8)
            let signer = key.split(separator: " ").prefix(2).joined(separator: " ")
            let section = #""vendor": {"directory": "\#(vendor)", "local": true, "signers": ["\#(signer)"]},"#
            try vsn.commit(
                "1.0.0", changes: try await vsn.backupChanges(section, database: #"{"mode": "live"}"#))
            let valid = try await vsn.fairlead("reconcile")
            #expect(valid.status == 0, "\(valid.errorTail)")
            #expect(vsn.data("database/rows") == "empty tables")
            #expect(vsn.leftovers() == [])
            let told = try #require(try await vsn.deployments().first).changes.last?.text
            #expect(told?.hasPrefix("restored from the vendor's vanilla backup of version 1.0.0 (") == true)

            let releases = "\(vsn.backupStore)/\(vsn.stack)/releases"
            #expect(FileManager.default.fileExists(atPath: "\(releases)/1.0.0/vanilla/manifest.json"))
            let backup = try await vsn.fairlead("backup", "now")
            #expect(backup.status == 0 && backup.text.contains("disk: 1 file of release 1.0.0"), "\(backup.text)")
            #expect(FileManager.default.fileExists(atPath: "\(releases)/1.0.0/files/changes"))

            try vsn.commit(
                "1.1.0", changes: try await vsn.backupChanges(section, database: #"{"mode": "live"}"#))
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the files of the new release") {
                    FileManager.default.fileExists(atPath: "\(releases)/1.1.0/files/changes")
                }
                try await vsn.waits("for its status") {
                    try await vsn.fairlead("status").text.contains("disk, vendor's files  ok")
                }
            }
            #expect(vsn.data("database/rows") == "empty tables")
        }
    }

    @Test("files that nobody signed are an incident, once, and the stack runs on")
    func forged() async throws {
        try await VSN.withBackups { vsn in
            let vendor = "\(vsn.scratch.path)/vendor"
            try vsn.scratch.write("evil", to: "vendor/releases/1.0.0/files/changes")
            let key = try await Command("/usr/bin/ssh-keygen", ["-y", "-f", "\(vsn.scratch.path)/signing"]).run().text
            let signer = key.split(separator: " ").prefix(2).joined(separator: " ").filter { !$0.isNewline }
            let section = #""vendor": {"directory": "\#(vendor)", "local": true, "signers": ["\#(signer)"]},"#
            try vsn.commit(
                "1.0.0", changes: try await vsn.backupChanges(section, database: #"{"mode": "live"}"#))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            for _ in 1...2 {
                let backup = try await vsn.fairlead("backup", "now")
                #expect(backup.status == 1 && backup.text.contains("there is no 'SHA256SUMS'"), "\(backup.text)")
            }
            let open = try await vsn.journal().openIncidents()
            #expect(open.map(\.subject) == ["release files at disk"])
            #expect(!FileManager.default.fileExists(atPath: "\(vsn.backupStore)/\(vsn.stack)/releases"))
        }
    }
}
