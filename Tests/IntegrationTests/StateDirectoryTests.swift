import Foundation
import Processes
import TestSupport
import Testing

/// On a host that really has such a directory: the binary runs in a mount namespace of its own.
@Suite("A state directory that cannot be written", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct StateDirectoryTests {
    /// `prepare` is a shell script in which `$S` is the state directory.
    private func fairlead(_ vsn: VSN, after prepare: String, _ arguments: String...) async throws -> CommandResult {
        let script = "S=$0; \(prepare); exec \"$@\""
        return try await Command(
            "/usr/bin/unshare",
            ["--mount", "/bin/bash", "-ec", script, "\(vsn.scratch.path)/state", FairleadBinary.path] + arguments
                + ["--config", vsn.configuration],
            environment: vsn.environment, deadline: .seconds(120)
        ).runToEnd()
    }

    private static let onTmpfs = #"""
        T=$(mktemp -d /dev/shm/fairlead-test.XXXXXX); cp -a "$S/." "$T"
        mount -t tmpfs -o size=100m,nr_inodes=500,mode=700 tmpfs "$S"; cp -a "$T/." "$S"; rm -r "$T"
        """#

    @Test(
        "keeps 'status' and 'history' readable, which say why nothing is deployed",
        arguments: [
            (#"mount --bind "$S" "$S"; mount -o remount,bind,ro "$S""#, "read-only file system"),
            (onTmpfs + #"; i=0; while touch "$S/f$i" 2>/dev/null; do i=$((i+1)); done"#, "no space left on device"),
            (onTmpfs + #"; head -c 200M /dev/zero 2>/dev/null >"$S/fill" || true"#, "no space left on device"),
        ])
    func readable(prepare: String, reason: String) async throws {
        try await VSN.deployed { vsn in
            let status = try await fairlead(vsn, after: prepare, "status")
            #expect(status.status == 0, "\(status.errorTail)")
            #expect(
                status.text.contains("#1, ") && status.text.contains("cannot be written: \(reason)"), "\(status.text)")
            #expect(!(status.text + status.errorTail).contains("permissions"))
            let monitored = try await fairlead(vsn, after: prepare, "status", "--exit-code")
            #expect(
                monitored.status == 3 && monitored.text.hasPrefix("not whole: the state directory"), "\(monitored.text)"
            )
            let history = try await fairlead(vsn, after: prepare, "history")
            #expect(history.status == 0 && history.text.contains("Deploy 1.0.0"), "\(history.errorTail)")
            // Where it can be written, nothing of that is said.
            #expect(try await !vsn.fairlead("status").text.contains("cannot be written"))
        }
    }

    @Test("what a killed process had not yet brought into the journal's file is read as well")
    func log() async throws {
        try await VSN.deployed { vsn in
            try vsn.commit("1.0.0", changes: #"{"containers": {"web": {"environment": {"A": "1"}}}}"#)
            await #expect(throws: (any Error).self) {
                _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": "in tear down"])
            }
            // As after a reboot: the file that other processes share is gone.
            try? FileManager.default.removeItem(atPath: "\(vsn.scratch.path)/state/journal.sqlite-shm")
            let history = try await fairlead(
                vsn, after: #"mount --bind "$S" "$S"; mount -o remount,bind,ro "$S""#, "history")
            #expect(history.text.contains("#2 ") && history.text.contains("unfinished"), "\(history.text)")
        }
    }
}
