import Foundation
import Model
import Processes
import TestSupport
import Testing

extension VSN {
    /// The only target of `backUp`, a plain directory.
    var backupStore: String { "\(scratch.path)/store" }
    /// Opens the backups when the host is lost.
    var recoveryKey: String { "\(scratch.path)/recovery.key" }

    /// Makes the keys of a host, and of its customer; `changes` are further keys of the configuration.
    func makeBackupKeys(_ changes: [String: any Sendable] = [:]) async throws {
        let isMissing = { (key: String) in !FileManager.default.fileExists(atPath: "\(self.scratch.path)/\(key)") }
        for key in ["age.key", "recovery.key"] where isMissing(key) {
            try await Self.run("/usr/bin/age-keygen", "-o", "\(scratch.path)/\(key)")
        }
        if isMissing("signing") {
            try await Self.run("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(scratch.path)/signing")
        }
        let keys: [String: any Sendable] = [
            "ageIdentity": "\(scratch.path)/age.key", "signingKey": "\(scratch.path)/signing",
            "minimumFreeSpace": "1MiB",
        ]
        try configure(keys.merging(changes) { $1 })
    }

    /// The plan's `backup` section, with `more` keys before its own, and `database` for the volume of that name.
    func backupChanges(_ more: String = "", database: String = #"{"mode": "pause"}"#) async throws -> String {
        let recipient = try await Self.run("/usr/bin/age-keygen", "-y", recoveryKey)
        return """
            {"backup": {\(more) "recipients": ["\(recipient)"],
              "targets": {"disk": {"directory": "\(backupStore)", "local": true}}},
             "containers": {"database": {"volumes": [
               {"data": "database", "target": "/data", "owner": "999:999", "mode": "0700", "backup": \(database)}]}}}
            """
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: String...) async throws -> String {
        try await Command(program, arguments).run().text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A version 1.0.0 with a backup section.
    static func savable(
        _ more: String = "", database: String = #"{"mode": "pause"}"#, _ body: (VSN) async throws -> Void
    ) async throws {
        try await with { vsn in
            try await vsn.makeBackupKeys()
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: try await vsn.backupChanges(more, database: database))
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.text)\(first.errorTail)")
            try await body(vsn)
        }
    }

    /// Directories of runs in the store, oldest first.
    func runs() throws -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "\(backupStore)/\(stack)/test")
        // Beside them lies what the host says of all of them.
        return (names ?? []).filter { BackupRunID($0) != nil }.sorted().map { "\(backupStore)/\(stack)/test/\($0)" }
    }

    /// Unpacks what a run holds of `volume` with the recovery key and the usual tools: `rclone cat | age | zstd | tar`.
    func unpack(_ run: String, volume: String, to directory: String) async throws {
        let script =
            #"set -eo pipefail; cat "$0"/"$1".tar.zst.age.* | age -d -i "$2" | zstd -dq | "#
            + #"tar -C "$3" --numeric-owner --xattrs --xattrs-include='*' --acls --same-owner -xpf -"#
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await Self.run("/bin/bash", "-c", script, run, volume, recoveryKey, directory)
    }
}
