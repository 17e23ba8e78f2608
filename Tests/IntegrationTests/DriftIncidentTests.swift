import Foundation
import Journal
import Planning
import Processes
import TestSupport
import Testing

@Suite("A failed start stays told of until it is mended", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DriftIncidentTests {
    private static func crashes(_ port: Int) -> String {
        #"["/bin/sh", "-c", "test ! -e /data/broken || exit 7; exec httpd -f -p \#(port) -h /data"]"#
    }

    /// Two containers that crash as long as a file `broken` lies in their data, and one that stays well.
    private static func fragile(_ vsn: VSN) -> String {
        """
        {\(VSN.deadMail), "containers": {
            "database": {"command": \(crashes(5432))},
            "web": {"dependsOn": null, "command": \(crashes(8080)), "health": {"http": null, "tcp": 8080},
                    "volumes": [{"data": "web", "target": "/data"}]},
            "third": {"image": "\(vsn.registry.address)/acme/web:1.0.0"}}}
        """
    }

    private static func deployed(_ body: (VSN) async throws -> Void) async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: fragile(vsn))
            let first = try await vsn.fairlead("reconcile")
            try #require(first.status == 0, "\(first.errorTail)")
            // Nothing but the engine brings back what failed once.
            try vsn.configure([
                "retry": ["attempts": 5, "firstDelay": "1h", "longestDelay": "1h"] as [String: any Sendable]
            ])
            try await body(vsn)
        }
    }

    @Test("two failed repairs are two incidents, and each ends by itself when its container runs without a restart")
    func repairs() async throws {
        try await Self.deployed { vsn in
            for (count, name) in ["web", "database"].enumerated() {
                try vsn.break(name)
                try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-\(name)")
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.deployments().count == count + 2)
            }
            // Between two crashes they run.
            for _ in 0..<4 {
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.openSubjects() == ["database", "web"])
            }
            try vsn.mend("database")
            try await vsn.waits("for the engine to bring it back") { try await vsn.runs("database") }
            #expect(try await vsn.fairlead("reconcile").status == 5)
            #expect(try await vsn.openSubjects() == ["web"])
            #expect(try await vsn.journal().failures().count == 1)
            #expect(try await vsn.journal().incidents(limit: 9).count == 2)
            #expect(
                try vsn.subjects() == [
                    "drift: web could not be repaired", "drift: database could not be repaired",
                    "recovered: database runs",
                ])
        }
    }

    @Test("a saved plan that crashes in a loop after a boot is not called mended between two crashes")
    func boot() async throws {
        try await Self.deployed { vsn in
            try vsn.break("database")
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            for _ in 0..<4 {
                #expect(try await vsn.fairlead("reconcile").status == 5)
                #expect(try await vsn.openSubjects() == ["boot"])
            }
            try vsn.mend("database")
            try await vsn.waits("for the engine to bring it back") { try await vsn.runs("database") }
            let mended = try await vsn.fairlead("reconcile")
            #expect(mended.status == 0, "\(mended.text)\(mended.errorTail)")
            #expect(try await vsn.openSubjects() == [])
            #expect(try await vsn.journal().failures().isEmpty)
            #expect(try await vsn.deployments().count == 2)
            #expect(try vsn.subjects() == ["1.0.0 could not be started again", "recovered: 1.0.0 runs"])
        }
    }
}

extension VSN {
    private func marker(_ name: String) -> String { "\(dataDirectory)/\(name)/broken" }

    /// From its next start on it crashes.
    fileprivate func `break`(_ name: String) throws { try Data().write(to: URL(filePath: marker(name))) }

    fileprivate func mend(_ name: String) throws { try FileManager.default.removeItem(atPath: marker(name)) }

    /// Whether it came further than to where it crashes.
    fileprivate func runs(_ name: String) async throws -> Bool {
        let commands = try await sandbox.podman(
            "exec", "\(stack)-\(name)", "sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null || true")
        return commands.contains("httpd\0-f")
    }

    fileprivate func openSubjects() async throws -> [String] {
        try await journal().openIncidents().map(\.subject).sorted()
    }
}
