import Foundation
import Journal
import Model
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

    @Test("files of the running release are mounted, before anything stops; a boot and a repair need no storage")
    func mounted() async throws {
        try await VSN.withBackups { vsn in
            let vendor = try await ReleaseVendor(vsn)
            try await vendor.pack("1.0.0", "old notes")
            try await vendor.pack("1.1.0", "new notes")
            try await vendor.deploy("1.0.0")
            #expect(try await vendor.served() == "old notes")
            let web = "\(vsn.stack)-web"
            await #expect(throws: (any Error).self) {
                try await vsn.sandbox.podman("exec", web, "/bin/sh", "-c", "echo x >/www/docs/changes")
            }

            // The stack runs on what it has, whatever becomes of the storages.
            try vendor.hide(true)
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", web)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vendor.served() == "old notes")

            // A new version cannot be had: nothing is stopped.
            let before = try await vsn.containerID("web")
            try vsn.commit("1.1.0", changes: try await vendor.changes())
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status != 0 && refused.errorTail.contains("is not there"), "\(refused.errorTail)")
            #expect(try await vsn.containerID("web") == before)

            try vendor.hide(false)
            _ = try await vsn.fairlead("retry")
            let valid = try await vsn.fairlead("reconcile")
            #expect(valid.status == 0, "\(valid.errorTail)")
            #expect(try await vendor.served() == "new notes")
            #expect(try vendor.kept() == ["1.1.0"])

            // Damage is found at the next start, and mended from the customer's own copy.
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            try vendor.hide(true)
            try vsn.scratch.write("evil", to: "state/releases/1.1.0/files/docs/changes")
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            let mended = try await vsn.fairlead("reconcile")
            #expect(mended.status == 0 && mended.errorTail.contains("is damaged on this host"), "\(mended.errorTail)")
            #expect(try await vendor.served() == "new notes")
        }
    }

    @Test("a kill while release files are fetched is finished by the next start; a roll back mounts those of before")
    func crash() async throws {
        try await VSN.withBackups { vsn in
            let vendor = try await ReleaseVendor(vsn)
            try await vendor.pack("1.0.0", "old notes")
            try await vendor.pack("1.1.0", "new notes")
            try await vendor.deploy("1.0.0")
            try vsn.commit("1.1.0", changes: try await vendor.changes(#""onFailure": "previous","#, health: "/no"))
            await #expect(throws: (any Error).self) {
                _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": "after release files"])
            }
            #expect(try await vendor.served() == "old notes")
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status != 0)
            #expect(try await vsn.deployments().first?.outcome == .previous, "\(failed.errorTail)")
            #expect(try await vendor.served() == "old notes")
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

/// A vendor with releases, and plans whose container `web` mounts `docs` of theirs.
private struct ReleaseVendor {
    let vsn: VSN
    let signer: String

    private var store: String { "\(vsn.scratch.path)/vendor" }

    init(_ vsn: VSN) async throws {
        self.vsn = vsn
        _ = try await Command(
            "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(vsn.scratch.path)/release"]
        ).run()
        let key = try String(contentsOfFile: "\(vsn.scratch.path)/release.pub", encoding: .utf8)
        signer = key.split(separator: " ").prefix(2).joined(separator: " ")
    }

    func pack(_ version: String, _ notes: String) async throws {
        try vsn.scratch.write(notes, to: "notes-\(version)/docs/changes")
        let packed = try await Command(
            FairleadBinary.path,
            [
                "vendor", "pack", version, "--key", "\(vsn.scratch.path)/release", "--to", store,
                "--files", "\(vsn.scratch.path)/notes-\(version)",
            ], environment: vsn.environment
        ).runToEnd()
        #expect(packed.status == 0, "\(packed.errorTail)")
    }

    /// Its storage goes, or comes back.
    func hide(_ isHidden: Bool) throws {
        let places = [store, "\(store)-away"]
        try FileManager.default.moveItem(atPath: places[isHidden ? 0 : 1], toPath: places[isHidden ? 1 : 0])
    }

    func changes(_ more: String = "", health: String = "/version") async throws -> String {
        let recipient = try await Command("/usr/bin/age-keygen", ["-y", vsn.recoveryKey]).run().text
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return """
            {\(more) "backup": {"recipients": ["\(recipient)"], "beforeDeploy": "none",
               "targets": {"disk": {"directory": "\(vsn.backupStore)", "local": true}},
               "vendor": {"directory": "\(store)", "local": true, "signers": ["\(signer)"]}},
             "containers": {"web": {"health": {"http": {"path": "\(health)"}, "retries": 20},
               "volumes": [{"release": "docs", "target": "/www/docs"}]}}}
            """
    }

    func deploy(_ version: String) async throws {
        try vsn.commit(version, changes: try await changes())
        let result = try await vsn.fairlead("reconcile")
        #expect(result.status == 0, "\(result.text)\(result.errorTail)")
    }

    /// What the container serves of the mounted files.
    func served() async throws -> String {
        try await Command("/usr/bin/curl", ["--silent", "--fail", "http://127.0.0.1:\(vsn.port)/docs/changes"]).run()
            .text
    }

    func kept() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(vsn.scratch.path)/state/releases").sorted()
    }
}
