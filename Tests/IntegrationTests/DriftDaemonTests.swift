import Files
import Foundation
import HostSystem
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("The daemon watches the stack", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DriftDaemonTests {
    private static let slow = """
        {"containers": {"web": {
            "command": ["/bin/sh", "-c", "sleep 9; exec httpd -f -p 8080 -h /www"],
            "health": {"startPeriod": "60s"}}}}
        """

    @Test("a removed container is back in seconds, with git server and registry unreachable and an hour between polls")
    func events() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            try vsn.configure(["interval": "1h"])
            try await vsn.withDaemon { daemon in
                try await vsn.waitsForFirstCycle()
                vsn.registry.shutDown()
                try FileManager.default.moveItem(atPath: vsn.repo.path, toPath: vsn.repo.path + ".gone")
                for way in [["rm", "--force"], ["stop"]] {
                    try await vsn.sandbox.podman(way + ["--time", "0", "\(vsn.stack)-web"])
                    try await vsn.waits("for web after \(way)") { await vsn.served() == "1.0.0" }
                    try await vsn.waits("for the outcome") { try await vsn.deployments().first?.outcome == .deployed }
                }
                // The service goes, and with it the stream.
                let repairs = try await vsn.deployments().count
                await vsn.sandbox.killService()
                try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
                try await vsn.waits("for web without a service") {
                    let all = try await vsn.deployments()
                    return all.count > repairs && all.first?.outcome == .deployed
                }
                #expect(daemon.isRunning)
                daemon.terminate()
                try await vsn.waits("for the end of the daemon") { !daemon.isRunning }
                #expect(daemon.terminationStatus == 0)
            }
            #expect(try await vsn.deployments().dropLast().allSatisfy { $0.trigger == .drift })
            #expect(try await vsn.containerID("database") == database)
        }
    }

    @Test("a container that never stops crashing does not keep the next commit from being deployed")
    func restless() async throws {
        let crash = "test ! -e /data/broken || { sleep 8; exit 7; }"
        let command = #"["/bin/sh", "-c", "\#(crash); exec httpd -f -p 5432 -h /data"]"#
        let changes = #"{"containers": {"database": {"command": \#(command)}}}"#
        try await VSN.deployed(with: changes) { vsn in
            try await vsn.publish("1.1.0")
            try vsn.break("database")
            try await vsn.remove("database")
            #expect(try await vsn.fairlead("reconcile").status != 0)
            #expect(try await vsn.openSubjects() == ["database"])
            try await vsn.withDaemon { _ in
                try await vsn.waitsForFirstCycle()
                try vsn.commit("1.1.0", changes: changes)
                try await vsn.waits("for the commit") {
                    try await vsn.journal().deployments(limit: 1).first?.version == "1.1.0"
                }
            }
        }
    }

    @Test("a container whose process died is left to the engine, which restarts it")
    func enginesOwn() async throws {
        try await VSN.deployed { vsn in
            let before = try await vsn.containerID("web")
            var longest = Duration.zero
            try await vsn.withDaemon { _ in
                try await vsn.waitsForFirstCycle()
                for _ in 0..<3 {
                    let process = try await vsn.process("web")
                    try #require(process > 1)
                    kill(process, SIGKILL)
                    let killed = ContinuousClock.now
                    try await vsn.waits("for its restart") { try await ![0, process].contains(vsn.process("web")) }
                    longest = max(longest, ContinuousClock.now - killed)
                    try await vsn.waits("for web") { await vsn.served() == "1.0.0" }
                }
                try await vsn.waitsForWholeCycle()
            }
            // On a host under load the engine may take so long that the container counts as stopped.
            let repairs = try await vsn.deployments().dropLast()
            #expect(repairs.isEmpty || longest >= .seconds(3), "\(longest): \(repairs)")
            #expect(repairs.allSatisfy { $0.trigger == .drift })
            let after = try await vsn.containerID("web")
            #expect(!repairs.isEmpty || after == before)
        }
    }

    @Test("where the plan says report nothing is touched, and each finding is named once")
    func report() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: #"{"drift": "report"}"#)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try await vsn.withDaemon { _ in
                try await vsn.waitsForFirstCycle()
                try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
                try await vsn.waits("for the finding") { try await !vsn.journal().openDrift().isEmpty }
                try await vsn.waitsForWholeCycle()
                #expect(try await vsn.containers() == ["\(vsn.stack)-database"])
                #expect(try await vsn.journal().openIncidents().map(\.kind) == [.drift])
                let status = try await vsn.fairlead("status", "--output", "json")
                let report = try JSONSerialization.jsonObject(with: Data(status.text.utf8)) as? [String: Any]
                let drift = try #require(report?["drift"] as? [[String: Any]])
                #expect(drift.map { $0["text"] as? String } == ["is missing"])
                #expect(drift.first?["since"] != nil)
                #expect(try await vsn.journal().drift(limit: 10).map(\.finding.text) == ["is missing"])
            }
            #expect(try await vsn.deployments().count == 1)
        }
    }

    @Test("nothing is repaired while another process has the host's lock, or deploys")
    func exclusion() async throws {
        try await VSN.deployed { vsn in
            try await vsn.withDaemon { _ in
                try await vsn.waitsForFirstCycle()
                let lock = try await HostLock.acquire(
                    at: "\(vsn.runtimeDirectory)/lock", command: "backup", now: Timestamp(milliseconds: 0),
                    wait: .seconds(10))
                try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
                try await Task.sleep(for: .seconds(8))
                #expect(try await vsn.deployments().count == 1)
                _ = consume lock
                try await vsn.waits("for web") { await vsn.served() == "1.0.0" }
                try await vsn.waits("for the outcome") { try await vsn.deployments().first?.outcome == .deployed }
                try vsn.configure(["interval": "1h"])
            }
            try await vsn.withDaemon { _ in
                try await vsn.waitsForFirstCycle()
                // Its containers go and come while the daemon watches.
                try vsn.commit("1.0.0", "Start slowly", changes: Self.slow)
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 0, "\(result.errorTail)")
                try await Task.sleep(for: .seconds(8))
            }
            #expect(try await vsn.deployments().map(\.trigger) == [.commit, .drift, .commit])
        }
    }
}

extension VSN {
    /// Of the container's first process; 0 while there is none.
    fileprivate func process(_ name: String) async throws -> Int32 {
        Int32(try await sandbox.podman("inspect", "--format", "{{.State.Pid}}", "\(stack)-\(name)")) ?? 0
    }

    /// Until a cycle of the daemon that began after this call has looked at stack and repo: the first one that ends may
    /// have begun before.
    fileprivate func waitsForWholeCycle() async throws {
        for _ in 1...2 {
            let polls = try await journal().lastPoll()?.reached
            try await waits("for a poll") { try await journal().lastPoll()?.reached != polls }
        }
    }

    /// Whoever does something behind the daemon's back has to know that it looks.
    func waitsForFirstCycle() async throws {
        let polls = try await journal().lastPoll()?.reached
        try await waits("for the first poll") { try await journal().lastPoll()?.reached != polls }
        try await Task.sleep(for: .seconds(1))
    }
}
