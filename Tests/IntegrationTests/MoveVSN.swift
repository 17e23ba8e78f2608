import Foundation
import HostSystem
import Processes
import TestSupport
import Testing

/// A customer whose stack moves from the host `old` to the host `new`.
struct Move {
    let old: VSN
    let new: VSN

    /// The old host runs version 1.0.0; the new one is not in the repo yet.
    static func begun(
        volume: String = #"{"mode": "pause"}"#, opening recipients: KeyPath<Move, VSN> = \.new,
        _ body: (Move) async throws -> Void
    ) async throws {
        try await VSN.pair { old, new in
            let move = Move(old: old, new: new)
            for (vsn, name) in [(old, "old"), (new, "new")] {
                try await vsn.makeBackupKeys()
                try move.configure(vsn, name)
            }
            try await old.publish("1.0.0", "1.1.0")
            try await move.commit(volume: volume, opening: [move[keyPath: recipients]])
            expect(try await old.fairlead("reconcile"), status: 0)
            try await body(move)
        }
    }

    func configure(_ vsn: VSN, _ name: String, _ more: [String: any Sendable] = [:]) throws {
        try vsn.configure(
            [
                "host": name, "ageIdentity": "\(vsn.scratch.path)/age.key",
                "signingKey": "\(vsn.scratch.path)/signing", "minimumFreeSpace": "1MiB", "takeOverWait": "1h",
            ].merging(more) { $1 })
    }

    var storage: String { "\(old.scratch.path)/storage" }

    /// Commits `hosts` by name, with the keys beside those that every host has.
    @discardableResult
    func commit(
        _ version: String = "1.0.0", volume: String = #"{"mode": "pause"}"#, trusting signers: [VSN]? = nil,
        opening recipients: [VSN]? = nil, hosts: [String: String] = ["old": ""]
    ) async throws -> String {
        try old.repo.write(
            "plan.json",
            VSN.plan(stack: old.stack, version: version, registry: old.registry.address, port: old.port))
        for name in ["test", "old", "new"] { try? old.repo.remove("hosts/\(name).json") }
        let keys = try (signers ?? [old, new]).map { try $0.publicKey() }
        var openers: [String] = []
        for vsn in recipients ?? [new] { openers.append(try await vsn.recipient()) }
        for (name, more) in hosts {
            try old.repo.write(
                "hosts/\(name).json",
                """
                {\(more) \(VSN.deadMail),
                 "backup": {"recipients": \(Self.list(openers)), "signers": \(Self.list(keys)),
                            "targets": {"nas": {"directory": "\(storage)", "local": true}}},
                 "containers": {"database": {"command": ["/bin/sh", "-c", "\(Self.writer)"],
                   "volumes": [{"data": "database", "target": "/data", "owner": "999:999", "mode": "0700",
                                "backup": \(volume)}]}}}
                """)
        }
        return try old.repo.commit("Hosts \(hosts.keys.sorted().joined(separator: " and "))")
    }

    /// The new host is to take over; the entry of the old one may go.
    @discardableResult
    func commitMove(
        volume: String = #"{"mode": "pause"}"#, trusting signers: [VSN]? = nil, opening recipients: [VSN]? = nil,
        keepingOld: Bool = true
    ) async throws -> String {
        try await commit(
            volume: volume, trusting: signers, opening: recipients,
            hosts: ["new": #""replaces": "old","#].merging(keepingOld ? ["old": ""] : [:]) { $1 })
    }

    /// Writes rows for as long as it lives.
    private static let writer =
        "date >> /data/starts; i=0; while :; do i=$((i+1)); echo $i >> /data/rows; sleep 0.2; done & "
        + "exec httpd -f -p 5432 -h /data"

    private static func list(_ texts: [String]) -> String {
        "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }

    /// As the old host after a power cut: nothing runs, and the host has booted since.
    func oldGoesDown() async throws {
        try await old.sandbox.podman("stop", "--all", "--time", "0")
        try old.losesMemory()
    }

    /// Directories of the runs of `host` in the storage, oldest first.
    func runs(of host: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "\(storage)/\(old.stack)/\(host)")
        return (names ?? []).sorted().map { "\(storage)/\(old.stack)/\(host)/\($0)" }
    }

    func breakStorage() throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: storage) { try manager.moveItem(atPath: storage, toPath: "\(storage).away") }
        try Data("no directory".utf8).write(to: URL(filePath: storage))
    }

    func mendStorage() throws {
        try FileManager.default.removeItem(atPath: storage)
        guard FileManager.default.fileExists(atPath: "\(storage).away") else { return }
        try FileManager.default.moveItem(atPath: "\(storage).away", toPath: storage)
    }
}

extension VSN {
    func publicKey() throws -> String {
        let line = try String(contentsOfFile: "\(scratch.path)/signing.pub", encoding: .utf8)
        return line.split(separator: " ").prefix(2).joined(separator: " ")
    }

    func recipient() async throws -> String {
        try await Command("/usr/bin/age-keygen", ["-y", "\(scratch.path)/age.key"]).run().text.filter { !$0.isNewline }
    }

    var rows: [String] { data("database/rows")?.split(separator: "\n").map(String.init) ?? [] }

    func hasRows(_ count: Int) async throws {
        for _ in 0..<300 where rows.count < count { try await Task.sleep(for: .milliseconds(100)) }
        #expect(rows.count >= count)
    }

    /// Without stack and host.
    func movedSubjects() throws -> [String] {
        try mails().map { String($0.subject.drop { $0 != "]" }.dropFirst(2)) }
    }
}

func expect(
    _ result: CommandResult, status: Int32, saying texts: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    let said = Comment(rawValue: result.text + result.errorTail)
    #expect(result.status == status, said, sourceLocation: sourceLocation)
    for text in texts {
        #expect((result.text + result.errorTail).contains(text), said, sourceLocation: sourceLocation)
    }
}
