import Foundation
import Processes
import TestSupport
import Testing

@Suite(
    "J4: fairlead backup restore --to", .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(5)))
struct BackupExtractionCommandTests {
    private struct Answer: Decodable {
        struct Volume: Decodable {
            var path: String
            var content: String
            var host: String
            var bytes: Int64
        }
        var volumes: [Volume]
    }

    @Test("brings a dump beside a running stack, and on a host on which nothing is deployed")
    func dump() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup(
                volume: #"{"mode": "hook", "dump": ["cat", "/data/rows"], "load": ["cat"]}"#)
            let backup = try await vsn.deployAndBackUp("customers")
            try #require(backup.status == 0, "\(backup.errorTail)")
            let web = try await vsn.containerID("web")
            let out = "\(vsn.scratch.path)/out"

            let first = try await vsn.fairlead("backup", "restore", "--to", out, "--output", "json")
            #expect(first.status == 0, "\(first.errorTail)")
            let volume = try #require(try JSONDecoder().decode(Answer.self, from: Data(first.text.utf8)).volumes.first)
            #expect(volume.path == "\(out)/database.dump")
            #expect(volume.content == "dump" && volume.host == "test" && volume.bytes > 0)
            #expect(try String(contentsOfFile: volume.path, encoding: .utf8) == "customers")
            #expect(try FileManager.default.contentsOfDirectory(atPath: out) == ["database.dump"])
            let mode = try FileManager.default.attributesOfItem(atPath: volume.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try await vsn.containerID("web") == web)

            let again = try await vsn.fairlead("backup", "restore", "--to", out)
            #expect(again.status == 1 && again.errorTail.contains("is not empty"), "\(again.errorTail)")

            #expect(try await vsn.loseHost().status == 0)
            try? FileManager.default.removeItem(atPath: "\(vsn.scratch.path)/state")
            let second = try await vsn.fairlead(
                "backup", "restore", "--to", "\(out)2", "--volume", "database", "--from-host", "test", "--target",
                "nas")
            #expect(second.status == 0, "\(second.errorTail)")
            #expect(second.text.hasPrefix("\(out)2/database.dump: run "), "\(second.text)")
            #expect(!FileManager.default.fileExists(atPath: vsn.dataDirectory))
        }
    }

    @Test("J9: to read backups on a new host, no secret is needed but those of the storages")
    func otherSecrets() async throws {
        try await VSN.savable { vsn in
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            try FileManager.default.removeItem(atPath: "\(vsn.scratch.path)/state")
            let changes = try await vsn.backupChanges().replacing(
                #""containers": {"#, with: #""containers": {"web": {"environment": {"KEY": "${secret:elsewhere}"}}, "#)
            try vsn.commit("1.0.0", changes: changes)
            expect(try await vsn.fairlead("plan"), status: 1, saying: "'elsewhere'")
            expect(try await vsn.fairlead("backup", "list"), status: 0, saying: "listed")
            expect(try await vsn.fairlead("backup", "verify"), status: 0)
            let out = "\(vsn.scratch.path)/out"
            expect(try await vsn.fairlead("backup", "restore", "--to", out), status: 0)
        }
    }
}
