import Foundation
import Glibc
import Processes
import TestSupport
import Testing

@Suite("Where the lines of containers go (C6)", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct LogDriverTests {
    private static let hasJournal = access("/run/systemd/journal/socket", F_OK) == 0

    private func driver(_ container: String, in vsn: VSN) async throws -> String {
        try await vsn.sandbox.podman(
            "inspect", "--format", "{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Size}}",
            "\(vsn.stack)-\(container)"
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("each container names its driver, and a plan that names another one replaces it")
    func named() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0")
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.text)\(first.errorTail)")
            #expect(try await driver("web", in: vsn) == (Self.hasJournal ? "journald 0B" : "k8s-file 52.43MB"))
            try vsn.commit(
                "1.0.0", "Keep less",
                changes: #"{"containers": {"web": {"logs": {"driver": "file", "maximum": "1MiB"}}}}"#)
            let second = try await vsn.fairlead("reconcile")
            #expect(second.status == 0, "\(second.text)\(second.errorTail)")
            #expect(try await driver("web", in: vsn) == "k8s-file 1.049MB")
        }
    }

    @Test("a failure of a container that keeps no log says so, in place of its last lines")
    func switchedOff() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit(
                "1.0.0",
                changes: """
                    {"containers": {"web": {"command": ["/bin/sh", "-c", "echo un''heard; exit 3"],
                      "logs": {"driver": "none"}}}}
                    """)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status != 0)
            let told = try await vsn.fairlead("show", "1").text
            #expect(told.contains("its log is switched off") && !told.contains("unheard"), "\(told)")
        }
    }

    @Test(
        "systemd's journal is refused in step 1 on a host without one, and the stack runs on",
        .enabled(if: !hasJournal, "systemd's journal runs here"))
    func refused() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0")
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.text)\(first.errorTail)")
            let before = try await vsn.sandbox.podman("ps", "--quiet", "--no-trunc")
            try vsn.commit(
                "1.0.0", "Ask for a journal", changes: #"{"containers": {"web": {"logs": {"driver": "journald"}}}}"#)
            let second = try await vsn.fairlead("reconcile")
            #expect(second.status != 0)
            #expect((second.text + second.errorTail).contains("the log of 'web' is to go to systemd's journal"))
            #expect(try await vsn.sandbox.podman("ps", "--quiet", "--no-trunc") == before)
        }
    }
}
