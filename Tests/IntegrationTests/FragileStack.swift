import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

/// A stack whose containers crash on demand.
extension VSN {
    /// Serves its data directory, and crashes as long as a file `broken` lies in it.
    static func fragileCommand(port: Int) -> String {
        #"["/bin/sh", "-c", "test ! -e /data/broken || exit 7; exec httpd -f -p \#(port) -h /data"]"#
    }

    /// Of which `database` is fragile.
    static let fragile = #"{"containers": {"database": {"command": \#(fragileCommand(port: 5432))}}}"#

    /// One that runs this plan; nothing but the engine brings back what failed once.
    static func deployed(
        _ changes: @Sendable (VSN) -> String, _ body: (VSN) async throws -> Void
    ) async throws {
        try await with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: changes(vsn))
            let first = try await vsn.fairlead("reconcile")
            try #require(first.status == 0, "\(first.errorTail)")
            try vsn.configure([
                "retry": ["attempts": 5, "firstDelay": "1h", "longestDelay": "1h"] as [String: any Sendable]
            ])
            try await body(vsn)
        }
    }

    static func deployed(with changes: String, _ body: (VSN) async throws -> Void) async throws {
        try await deployed({ _ in changes }, body)
    }

    private func marker(_ name: String) -> String { "\(dataDirectory)/\(name)/broken" }

    /// From its next start on it crashes.
    func `break`(_ name: String) throws { try Data().write(to: URL(filePath: marker(name))) }

    /// Leaves something there: a data directory that held something and is empty is lost data.
    func mend(_ name: String) throws {
        try Data().write(to: URL(filePath: "\(dataDirectory)/\(name)/mended"))
        try FileManager.default.removeItem(atPath: marker(name))
    }

    /// Also of one that crashes in a loop, which Podman can remove at some moments only.
    func remove(_ name: String) async throws {
        try await waits("for a moment at which '\(name)' can be removed") {
            (try? await sandbox.podman("rm", "--force", "--time", "0", "\(stack)-\(name)")) != nil
        }
    }

    /// Whether it came further than to where it crashes.
    func isServing(_ name: String) async throws -> Bool {
        let commands = try await sandbox.podman(
            "exec", "\(stack)-\(name)", "sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null || true")
        return commands.contains("httpd\0-f")
    }

    /// What the open incidents are about.
    func openSubjects() async throws -> [String] {
        try await journal().openIncidents().map(\.subject).sorted()
    }

    /// The deployment that made the container.
    func maker(of name: String) async throws -> Int64? {
        let label = #"{{index .Config.Labels "\#(FairleadLabel.deployment)"}}"#
        return Int64(try await sandbox.podman("inspect", "--format", label, "\(stack)-\(name)"))
    }
}
