import Foundation
import Processes
import TestSupport
import Testing

/// A VSN whose plan has a backup section.
extension VSN {
    /// Why tests with it cannot run here.
    static let backupUnavailable = unavailable ?? TestProgram.missingForRoot("age", "zstd", "rclone")

    /// With keys of this test's own.
    static func withBackups(_ body: (VSN) async throws -> Void) async throws {
        try await with { vsn in
            try await vsn.publish("1.0.0", "1.1.0")
            try await vsn.makeBackupKeys()
            try await body(vsn)
        }
    }

    /// A plan whose database is saved by `volume`, a `backup` of its volume; `more` are further keys of its container,
    /// `section` of the plan's `backup`.
    func commitWithBackup(
        _ version: String = "1.0.0", volume: String = #"{"mode": "live"}"#, restore: String = "newest",
        onFailure: String = "containerless", target: String = "/data", more: String = "",
        section: String = ""
    ) async throws {
        let recipient = try await Command("/usr/bin/age-keygen", ["-y", recoveryKey]).run().text
        try commit(
            version,
            changes: """
                {"onFailure": "\(onFailure)",
                 "backup": {\(section)"recipients": ["\(recipient.filter { !$0.isNewline })"], "restore": "\(restore)",
                            "targets": {"nas": {"directory": "\(backupStore)", "local": true}}},
                 "containers": {"database": {\(more)
                    "volumes": [{"data": "database", "target": "\(target)", "owner": "999:999", "mode": "0700",
                                 "backup": \(volume)}]}}}
                """)
    }

    /// A plan whose database is a PostgreSQL that is saved as a dump.
    func commitPostgres() async throws {
        try await PostgresImage.load(into: sandbox)
        try await commitWithBackup(
            volume: """
                {"mode": "hook", "dump": ["pg_dump", "-Fc", "postgres"],
                 "load": ["pg_restore", "--exit-on-error", "-d", "postgres"]}
                """, target: "/var/lib/postgresql/data",
            more: """
                "image": "localhost/database:1", "command": null,
                "environment": {"POSTGRES_PASSWORD": "canary-postgres"},
                "health": {"tcp": null, "command": ["pg_isready", "-h", "127.0.0.1"], "retries": 120},
                """)
    }

    /// Deploys, writes `rows` into the database's directory, and makes a backup.
    func deployAndBackUp(_ rows: String) async throws -> CommandResult {
        let deployed = try await fairlead("reconcile")
        guard deployed.status == 0 else { return deployed }
        try Data(rows.utf8).write(to: URL(filePath: "\(dataDirectory)/database/rows"))
        return try await fairlead("backup", "now")
    }

    /// What a new host begins with: no containers and no data, but the storage.
    func loseHost() async throws -> CommandResult {
        let tornDown = try await fairlead("teardown", "--yes")
        guard tornDown.status == 0 else { return tornDown }
        try? FileManager.default.removeItem(atPath: dataDirectory)
        return try await fairlead("resume")
    }

    /// What lies beside and in the database's directory, but for what was there from the start.
    func leftovers() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: dataDirectory)) ?? [])
            .filter { $0.hasPrefix(".") && ![".fairlead-before", ".fairlead-data.json"].contains($0) }
    }

    /// Flips a byte of the first part of every stored run, or flips it back; of the newest one only where `newest`.
    func flipStoredBytes(newest: Bool = false) throws {
        let files = FileManager.default.enumerator(atPath: backupStore)?.compactMap { $0 as? String } ?? []
        let parts = files.filter { $0.hasSuffix(".age.0000") }.sorted()
        for file in newest ? parts.suffix(1) : parts[...] {
            let url = URL(filePath: "\(backupStore)/\(file)")
            var bytes = [UInt8](try Data(contentsOf: url))
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: url)
        }
    }

    /// Starts the binary, waits until `condition` holds, and kills it; what it started goes on.
    func killReconcile(when condition: () -> Bool) async throws -> Bool {
        try await killFairlead("reconcile", when: condition)
    }

    func killFairlead(_ arguments: String..., when condition: () -> Bool) async throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: FairleadBinary.path)
        process.arguments = arguments + ["--config", configuration]
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, !condition() { try await Task.sleep(for: .milliseconds(5)) }
        let wasRunning = process.isRunning
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return wasRunning
    }

    /// Deploys with a PostgreSQL, filled, whose backup is a dump.
    func deployPostgres() async throws -> PostgresDatabase {
        try await commitPostgres()
        let deployed = try await fairlead("reconcile")
        try #require(deployed.status == 0, "\(deployed.errorTail)")
        let database = PostgresDatabase("\(stack)-database", in: sandbox)
        try await database.waitUntilReady()
        try await database.fill()
        return database
    }
}
