import Foundation
import Model
import Processes
import TestSupport
import Testing

@Suite("A host is not locked out by a commit", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct LifelineTests {
    private static let mail = """
        {"network": {"subnet": "10.213.77.0/24"}, "mail": {"from": "vsn@example.com", "to": ["ops@example.com"],
         "smtp": "smtp+plain://10.213.77.25:25"}}
        """

    @Test("M3: a subnet with the address of what the host talks to is refused in step 1, and the stack runs on")
    func subnet() async throws {
        try await VSN.deployed { vsn in
            try vsn.commit("1.0.0", "Hide the mail server", changes: Self.mail)
            let mail = try await vsn.fairlead("reconcile")
            #expect(
                (mail.text + mail.errorTail).contains(
                    "subnet '10.213.77.0/24' holds 10.213.77.25, the address of the mail server '10.213.77.25'"))
            try vsn.configure([
                "repository": [
                    "url": vsn.repo.path, "timeout": "20s", "fallbackUrls": ["ssh://git@10.213.78.9/acme.git"],
                ] as [String: any Sendable]
            ])
            try vsn.commit(
                "1.0.0", "Hide the git server", changes: #"{"network": {"subnet": "10.213.78.0/24"}}"#)
            let git = try await vsn.fairlead("reconcile")
            #expect((git.text + git.errorTail).contains("the address of the git server '10.213.78.9'"))
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.deployments().first?.outcome == .refused)
        }
    }

    @Test("M3: a git server that falls silent with the stack's network is told, and the stack is rolled back")
    func silent() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit("1.0.0")
            let port = try LoopbackPort.free()
            let server = BackgroundProgram()
            defer { server.stop() }
            let base = URL(filePath: vsn.repo.path).deletingLastPathComponent().path
            try await server.start([
                "/usr/bin/env", "git", "daemon", "--export-all", "--reuseaddr", "--listen=127.0.0.1",
                "--port=\(port)", "--base-path=\(base)", base,
            ])
            try await LoopbackPort.wait(for: port)
            let name = URL(filePath: vsn.repo.path).lastPathComponent
            try vsn.configure([
                "repository": ["url": "git://127.0.0.1:\(port)/\(name)", "timeout": "2s"] as [String: any Sendable]
            ])
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.text)\(first.errorTail)")
            try vsn.commit("1.1.0")
            let hold = try vsn.scratch.write("", to: "hold")
            async let second = vsn.fairlead("reconcile", environment: ["FAIRLEAD_HOLD_AT": "network created=\(hold)"])
            try await vsn.waits("for the network") {
                let newest = try await vsn.deployments().first
                return newest?.outcome == nil && newest?.steps.contains { $0.step == .create } == true
            }
            server.stop()
            try FileManager.default.removeItem(atPath: hold)
            let result = try await second
            #expect(
                (result.text + result.errorTail).contains(
                    "the git server does not answer any more since the stack's network and ports are there"))
            #expect(try await vsn.deployments().first?.outcome == .containerless)
            #expect(try await vsn.networks().isEmpty)
        }
    }
}
