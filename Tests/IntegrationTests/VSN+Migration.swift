import Foundation
import Journal
import TestSupport
import Testing

/// A stack whose versions migrate their data, each to its own format; what is older refuses a newer one.
extension VSN {
    /// How the database of a version ends up.
    enum Fate: Sendable {
        case serves
        /// It migrates the data and is never healthy.
        case migratesOnly
    }

    /// Version 1.0.0 runs, with rows of the customer; `diskSize` is that of the file system of its data, or of
    /// that of its database alone.
    static func migrating(
        keep: String = #"{"keep": 1}"#, onFailure: String = "containerless", diskSize: String? = nil,
        ownDisk: Bool = false, _ body: (VSN) async throws -> Void
    ) async throws {
        try await with { vsn in
            let place = ownDisk ? "\(vsn.dataDirectory)/database" : "\(vsn.scratch.path)/data"
            if let diskSize {
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                let options = "size=\(diskSize),mode=0700" + (ownDisk ? ",uid=999,gid=999" : "")
                try TestProgram("mount", ["-t", "tmpfs", "-o", options, "tmpfs", place]).run()
            }
            defer { if diskSize != nil { _ = try? TestProgram("umount", ["--lazy", place]).run() } }
            try await vsn.makeBackupKeys()
            try await vsn.publish("1.0.0", "2.0.0", "3.0.0")
            try await vsn.commitFormat(1, keep: keep, onFailure: onFailure)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try Data("customers".utf8).write(to: URL(filePath: "\(vsn.dataDirectory)/database/rows"))
            try await body(vsn)
        }
    }

    /// Commits version `format`.0.0, whose database brings its data to that format, and may give its directory another `name`.
    @discardableResult
    func commitFormat(
        _ format: Int, _ fate: Fate = .serves, keep: String = #"{"keep": 1}"#, onFailure: String = "containerless",
        name: String? = nil
    ) async throws -> String {
        let serve = fate == .serves ? "exec httpd -f -p 5432 -h /data" : "exec sleep 1000"
        let script =
            "f=$(cat /data/format 2>/dev/null || echo \(format)); test $f -le \(format) || exit 3; "
            + "echo \(format) > /data/format; \(serve)"
        let health = fate == .serves ? "" : #""health": {"retries": 2},"#
        let container =
            #""image": "\#(registry.address)/acme/web:${version}", \#(health)"#
            + #""command": ["/bin/sh", "-c", "\#(script)"],"#
        let changes = try await backupChanges(#""beforeDeploy": \#(keep),"#).replacing(
            #""containers": {"database": {"#,
            with: #""onFailure": "\#(onFailure)", "containers": {"database": {\#(container) "#)
        let own = #""data": "database""#
        let named = name.map { changes.replacing(own, with: #""data": "\#($0)", "formerly": "database""#) } ?? changes
        return try commit("\(format).0.0", "Format \(format)", changes: named)
    }

    var format: String? { data("database/format")?.trimmingCharacters(in: .whitespacesAndNewlines) }
    var customerRows: String? { data("database/rows") }

    func write(rows: String) throws {
        try Data(rows.utf8).write(to: URL(filePath: "\(dataDirectory)/database/rows"))
    }

    /// Directories of the copies, oldest first.
    func snapshots() -> [String] {
        let path = "\(dataDirectory)/.fairlead-before"
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0.first != "." }.sorted()
            .map { "\(path)/\($0)" }
    }

    /// Versions of `acme/web` whose image the engine holds, sorted.
    func storedVersions() async throws -> [String] {
        let tags = try await sandbox.podman("images", "--format", "{{.Repository}} {{.Tag}}")
        return tags.split(separator: "\n").filter { $0.contains("/acme/web ") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }.sorted()
    }
}
