import Foundation
import Processes
import TestSupport
import Testing

@Suite("A backup of the stack's data", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct BackupTests {
    @Test("J4: holds every file as it was, opens with the recovery key and plain tools, and is listed and verified")
    func whole() async throws {
        try await VSN.savable { vsn in
            try await HardTree.make("\(vsn.dataDirectory)/database/tree")
            let result = try await vsn.fairlead("backup", "now")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            let run = try #require(try vsn.runs().first)
            try await vsn.unpack(run, volume: "database", to: "\(vsn.scratch.path)/out")
            let differences = try await HardTree.differences(
                "\(vsn.dataDirectory)/database", "\(vsn.scratch.path)/out")
            #expect(differences == [])
            #expect(try vsn.spooledRuns() == [])
            #expect(try await vsn.state(of: "database") == "running")

            let listed = try await vsn.fairlead("backup", "list", "--output", "json")
            #expect(listed.status == 0)
            #expect(listed.text.contains(#""state" : "listed""#))
            #expect(try await vsn.fairlead("backup", "verify").status == 0)
            let manifest = try String(contentsOfFile: "\(run)/manifest.json", encoding: .utf8)
            #expect(manifest.contains(#""version" : "1.0.0""#))
        }
    }

    @Test(
        "J4: a tampered part, a missing part and a forged manifest are found", arguments: ["change", "remove", "forge"])
    func tampering(how: String) async throws {
        try await VSN.savable { vsn in
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            let run = try #require(try vsn.runs().first)
            let part = "\(run)/database.tar.zst.age.0000"
            switch how {
            case "change":
                var bytes = try Data(contentsOf: URL(filePath: part))
                bytes[bytes.count - 1] ^= 1
                try bytes.write(to: URL(filePath: part))
            case "remove": try FileManager.default.removeItem(atPath: part)
            default:
                let manifest = try String(contentsOfFile: "\(run)/manifest.json", encoding: .utf8)
                try manifest.replacingOccurrences(of: "1.0.0", with: "9.9.9")
                    .write(toFile: "\(run)/manifest.json", atomically: true, encoding: .utf8)
            }
            let result = try await vsn.fairlead("backup", "verify")
            #expect(result.status == 1)
            let words = ["change": "is not what was uploaded", "remove": "is missing", "forge": "signature"]
            #expect(result.text.contains(words[how] ?? "?"), "\(result.text)\(result.errorTail)")
        }
    }

    @Test("C4: a dump comes from the container's own command, and one that fails leaves no run behind")
    func dump() async throws {
        try await VSN.savable(database: #"{"mode": "hook", "dump": ["cat", "/data/starts"], "load": ["cat"]}"#) { vsn in
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            let run = try #require(try vsn.runs().first)
            #expect(FileManager.default.fileExists(atPath: "\(run)/database.dump.zst.age.0000"))

            let broken =
                #"{"mode": "hook", "dump": ["sh", "-c", "echo half; echo no space >&2; exit 3"], "load": ["cat"]}"#
            try vsn.commit("1.0.0", changes: try await vsn.backupChanges(database: broken))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let failed = try await vsn.fairlead("backup", "now")
            #expect(failed.status == 1)
            #expect(failed.errorTail.contains("no space"), "\(failed.errorTail)")
            #expect(failed.errorTail.contains("'database' not saved: its dump failed with exit status 3"))
            #expect(try vsn.runs().count == 1)
            #expect(try vsn.spooledRuns() == [])
            let incidents = try await vsn.fairlead("incidents", "--open")
            #expect(
                incidents.text.contains("'database' not saved: its dump failed with exit status 3"), "\(incidents.text)"
            )
        }
    }

    @Test("a stopped volume's container is started again, a container that is down stays down")
    func stopMode() async throws {
        try await VSN.savable(database: #"{"mode": "stop"}"#) { vsn in
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            #expect(try await vsn.state(of: "database") == "running")
            #expect(vsn.data("database/starts")?.split(separator: "\n").count == 2)
            try await vsn.sandbox.podman("stop", "\(vsn.stack)-database")
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            #expect(try await vsn.state(of: "database") == "exited")
        }
    }

    @Test("J4: a store that is away gets the backup later; the incident is told once and ends by itself")
    func lateDelivery() async throws {
        try await VSN.savable { vsn in
            // A file in the place of the directory, which was tried before the deployment.
            try FileManager.default.removeItem(atPath: vsn.backupStore)
            try vsn.scratch.write("in the way", to: "store")
            for _ in 0..<2 {
                let result = try await vsn.fairlead("backup", "now")
                #expect(result.status == 1)
                #expect(result.text.contains("disk: not delivered"), "\(result.text)")
            }
            #expect(try vsn.spooledRuns().count == 2)
            let open = try await vsn.fairlead("incidents", "--open").text
            #expect(open.components(separatedBy: "backup target disk  1.0.0").count == 2, "\(open)")
            try FileManager.default.removeItem(atPath: vsn.backupStore)
            let result = try await vsn.fairlead("backup", "now")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(try vsn.runs().count == 3)
            #expect(try vsn.spooledRuns() == [])
            #expect(try await vsn.fairlead("incidents", "--open").text.contains("backup target disk") == false)
        }
    }

    @Test("what a kill in the middle of a copy held goes on with the next backup, and nothing of the half remains")
    func killedCopy() async throws {
        try await VSN.savable { vsn in
            // Too big to be copied within the time to the kill.
            try Data(count: 1).write(to: URL(filePath: "\(vsn.dataDirectory)/database/slow"))
            try await vsn.fill("\(vsn.dataDirectory)/database/slow", megabytes: 600)
            try await vsn.killBackupWhilePaused()
            try FileManager.default.removeItem(atPath: "\(vsn.dataDirectory)/database/slow")
            let result = try await vsn.fairlead("backup", "now")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(try await vsn.state(of: "database") == "running")
            #expect(try vsn.spooledRuns() == [])
            #expect(try vsn.runs().count == 1)
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("what a kill in the middle of an upload left is sent by the next one, and nothing of the half remains")
    func killedUpload() async throws {
        try await VSN.savable { vsn in
            let slow = try await vsn.backupChanges().replacing(
                #""local": true"#, with: #""local": true, "bandwidth": "4MiB""#)
            try vsn.commit("1.0.0", changes: slow)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try await vsn.fill("\(vsn.dataDirectory)/database/big", megabytes: 40)
            try await vsn.killBackup {
                try vsn.runs().contains { try !FileManager.default.contentsOfDirectory(atPath: $0).isEmpty }
            }
            let cutOff = try #require(try vsn.runs().first)
            #expect(!FileManager.default.fileExists(atPath: "\(cutOff)/manifest.json"))
            let listed = try await vsn.fairlead("backup", "list")
            #expect(listed.text.contains("unfinished"), "\(listed.text)\(listed.errorTail)")

            let result = try await vsn.fairlead("backup", "now")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(try vsn.runs().count == 2)
            #expect(try vsn.spooledRuns() == [])
            let names = try FileManager.default.contentsOfDirectory(atPath: cutOff).sorted()
            #expect(names == ["database.tar.zst.age.0000", "manifest.json", "manifest.json.sig"])
            for run in try vsn.runs() {
                let name = URL(filePath: run).lastPathComponent
                let verified = try await vsn.fairlead("backup", "verify", name)
                #expect(verified.status == 0, "\(verified.text)")
            }
        }
    }

    @Test("keeps what the rule keeps, and says before what it would remove")
    func prune() async throws {
        try await VSN.savable { vsn in
            for _ in 0..<3 { #expect(try await vsn.fairlead("backup", "now").status == 0) }
            #expect(try vsn.runs().count == 3)
            #expect(try await vsn.fairlead("backup", "prune", "disk", "--keep-last", "2", "--dry-run").status == 0)
            #expect(try vsn.runs().count == 3)
            let newest = try vsn.runs().suffix(2)
            #expect(try await vsn.fairlead("backup", "prune", "disk", "--keep-last", "2").status == 0)
            #expect(try vsn.runs() == Array(newest))
            #expect(try await vsn.fairlead("backup", "prune", "other", "--keep-last", "2").errorTail.contains("'disk'"))
        }
    }
    @Test("J4: a backup that was missed while the host was off is made by the daemon without a word")
    func missed() async throws {
        try await VSN.savable { vsn in
            #expect(try await vsn.fairlead("backup", "now").status == 0)
            let file = "\(vsn.scratch.path)/state/backup/state.json"
            let began = try String(contentsOfFile: file, encoding: .utf8)
                .replacing(/"began" : [0-9]+/) { _ in #""began" : 1700000000000"# }
            try began.write(toFile: file, atomically: true, encoding: .utf8)
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the run") { try vsn.runs().count == 2 }
            }
            let status = try await vsn.fairlead("status")
            #expect(status.text.contains("backup (0 2 * * *)"), "\(status.text)")
        }
    }
}

extension VSN {
    func spooledRuns() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/state/backup/spool").sorted()
    }

    func killBackupWhilePaused() async throws {
        try await killBackup { try await state(of: "database") == "paused" }
    }

    func killBackup(when isTime: () async throws -> Bool) async throws {
        let process = Process()
        process.executableURL = URL(filePath: FairleadBinary.path)
        process.arguments = ["backup", "now", "--config", configuration]
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await wait(isTime)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Of a container: `running`, `paused` …
    func state(of name: String) async throws -> String {
        try await sandbox.podman("inspect", "--format", "{{.State.Status}}", "\(stack)-\(name)")
    }

    /// With what does not compress.
    func fill(_ path: String, megabytes: Int) async throws {
        _ = try await Command("/bin/dd", ["if=/dev/urandom", "of=\(path)", "bs=1M", "count=\(megabytes)"]).run()
    }

    fileprivate func wait(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<600 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("it did not come to that")
    }
}
