import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("The daemon follows the repo", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DaemonTests {
    @Test("G1: a commit is deployed without a word, and SIGTERM ends the daemon while the stack runs on")
    func follows() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit("1.0.0")
            let watched = ["NOTIFY_SOCKET": "\(vsn.scratch.path)/notify", "WATCHDOG_USEC": "2000000"]
            try await vsn.withDaemon(environment: watched) { daemon in
                try await vsn.waits("for 1.0.0") { await vsn.served() == "1.0.0" }
                try vsn.commit("1.1.0")
                try await vsn.waits("for 1.1.0") { await vsn.served() == "1.1.0" }
                daemon.terminate()
                try await vsn.waits("for the end of the daemon") { !daemon.isRunning }
                #expect(daemon.terminationStatus == 0)
                #expect(daemon.terminationReason == .exit)
                #expect(await vsn.served() == "1.1.0")
            }
        }
    }

    @Test("SIGHUP looks at the repo at once, however long the interval is")
    func immediate() async throws {
        try await VSN.with { vsn in
            try vsn.configure(["interval": "1h"])
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit("1.0.0")
            try await vsn.withDaemon { daemon in
                try await vsn.waits("for 1.0.0") { await vsn.served() == "1.0.0" }
                try vsn.commit("1.1.0")
                kill(daemon.processIdentifier, SIGHUP)
                try await vsn.waits("for 1.1.0") { await vsn.served() == "1.1.0" }
            }
        }
    }

    @Test("M4: a newer commit ends a pull that hangs, and the stack runs on meanwhile")
    func overtakesPull() async throws {
        let silent = try GitHostileServer(.silent)
        try await VSN.deployed { vsn in
            try await vsn.publish("1.1.0")
            try vsn.commit(
                "1.0.0", "An image from a registry that never answers",
                changes: #"{"containers": {"web": {"image": "127.0.0.1:\#(silent.port)/acme/web:1"}}}"#)
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the pull") {
                    let newest = try await vsn.deployments().first
                    return newest?.outcome == nil && newest?.steps.isEmpty == false
                }
                #expect(await vsn.served() == "1.0.0")
                try vsn.commit("1.1.0", "Mend it")
                try await vsn.waits("for the newer commit") { await vsn.served() == "1.1.0" }
                try await vsn.waits("for its outcome") { try await vsn.deployments().first?.outcome == .deployed }
                #expect(try await vsn.deployments().dropFirst().first?.outcome == .interrupted)
            }
        }
    }
}

extension VSN {
    /// Runs `fairlead run` beside `body`, and ends it if `body` did not.
    func withDaemon(environment: [String: String] = [:], _ body: (Process) async throws -> Void) async throws {
        let daemon = Process()
        daemon.executableURL = URL(filePath: FairleadBinary.path)
        daemon.arguments = ["run", "--config", configuration]
        daemon.environment = self.environment.merging(environment) { $1 }
        daemon.standardInput = FileHandle.nullDevice
        daemon.standardOutput = FileHandle.nullDevice
        daemon.standardError = FileHandle.nullDevice
        try daemon.run()
        defer { if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) } }
        try await body(daemon)
    }

    /// Polls until `condition` holds; an error of it means not yet.
    func waits(_ what: Comment, until condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            if (try? await condition()) == true { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record(what)
    }
}
