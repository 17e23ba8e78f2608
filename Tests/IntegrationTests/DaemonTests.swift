import Foundation
import Journal
import Planning
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

    @Test("S13: a stack that is torn down and resumed between two polls is deployed again")
    func resumedBetweenPolls() async throws {
        try await VSN.deployed { vsn in
            try vsn.configure(["interval": "20s"])
            try await vsn.withDaemon { _ in
                try await vsn.waitsForFirstCycle()
                #expect(try await vsn.fairlead("teardown", "--yes").status == 0)
                #expect(try await vsn.fairlead("resume").status == 0)
                try await vsn.waits("for the stack") { await vsn.served() == "1.0.0" }
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

    @Test("a newer commit overtakes the health wait of an older one")
    func overtakes() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit(
                "1.0.0", "Healthy in a thousand seconds at best",
                changes: #"{"containers": {"web": {"health": {"http": {"path": "/no"}, "startPeriod": "1000s"}}}}"#)
            try await vsn.withDaemon { _ in
                try await vsn.waits("for the health wait") {
                    let phases = try await vsn.deployments().first?.containers ?? []
                    return phases.contains { $0.container == "web" && $0.phase == .started }
                }
                try vsn.commit("1.1.0", "Mend it")
                try await vsn.waits("for the newer commit") { await vsn.served() == "1.1.0" }
                try await vsn.waits("for its outcome") { try await vsn.deployments().first?.outcome == .deployed }
                #expect(try await vsn.deployments().dropFirst().first?.outcome == .interrupted)
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

    @Test("a daemon that was killed in a deployment finishes it when it starts again")
    func killed() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit("1.0.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try vsn.commit("1.1.0")
            try await vsn.withDaemon(environment: ["FAIRLEAD_CRASH_AT": "web removed"]) { daemon in
                try await vsn.waits("for the crash") { !daemon.isRunning }
            }
            #expect(await vsn.served() == nil)
            try await vsn.withDaemon { _ in
                try await vsn.waits("for 1.1.0") { await vsn.served() == "1.1.0" }
            }
            #expect(try await vsn.deployments().first?.trigger == .recovery)
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
