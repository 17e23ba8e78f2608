import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("S5: maintenance", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct MaintenanceTests {
    @Test("the stack stops in order, nothing is deployed until the end, and the end needs no git server")
    func story() async throws {
        try await VSN.deployed { vsn in
            let begin = try await vsn.fairlead("maintenance", "begin", "--reason", "new disk")
            #expect(begin.status == 0, "\(begin.errorTail)")
            #expect(begin.errorTail.contains("web: stopped |   database: stopped"), "\(begin.errorTail)")
            #expect(try await vsn.running() == [])
            #expect(try await vsn.containers().count == 2)
            #expect(vsn.marker == "new disk\n")
            let stopped = ContinuousClock.now
            try await vsn.publish("1.1.0")
            try vsn.commit("1.1.0")
            let held = try await vsn.fairlead("reconcile", "--force")
            #expect(held.status == 5)
            #expect(held.text.contains("'fairlead maintenance end'"))
            let ending = ContinuousClock.now
            try await vsn.withoutServers {
                let end = try await vsn.fairlead("maintenance", "end")
                #expect(end.status == 0, "\(end.errorTail)")
                #expect(end.text.contains("  database  healthy\n  web       healthy\n"), "\(end.text)")
            }
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.marker == nil)
            #expect(try await vsn.journal().suspension() == nil)
            let last = try #require(try await vsn.deployments().first)
            #expect(last.trigger == .maintenance)
            #expect(Duration.milliseconds(try #require(last.downtimeMilliseconds)) >= ending - stopped)
            #expect(try await vsn.fairlead("history").text.contains("  maintenance, downtime "))
        }
    }

    @Test("a stack that is not healthy keeps the host in maintenance, and says why and what to do")
    func unhealthy() async throws {
        try await VSN.deployed { vsn in
            #expect(try await vsn.fairlead("maintenance", "begin").status == 0)
            let foreign = try LoopbackPort.listener(vsn.port)
            let failed = try await vsn.fairlead("maintenance", "end")
            close(foreign)
            #expect(failed.status == 1, "\(failed.errorTail)")
            #expect(failed.errorTail.contains("\(vsn.port)"))
            #expect(failed.errorTail.contains("run 'fairlead maintenance end' again"))
            #expect(try await vsn.journal().suspension()?.kind == .maintenance)
            #expect(try await vsn.fairlead("maintenance", "end").status == 0)
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a crash while the stack is being stopped leaves it in maintenance, and 'begin' goes on")
    func crash() async throws {
        try await VSN.deployed { vsn in
            for place in ["before stop", "web stopped"] {
                try await vsn.dies(at: place, "maintenance", "begin")
                #expect(try await vsn.fairlead("reconcile").status == 5)
            }
            #expect(try await vsn.running() == ["\(vsn.stack)-database"])
            #expect(try await vsn.fairlead("maintenance", "begin").status == 0)
            #expect(try await vsn.running() == [])
            #expect(try await vsn.fairlead("maintenance", "end").status == 0)
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a deployment that was cut off is finished at the end, once")
    func cutOff() async throws {
        try await VSN.deployed { vsn in
            try await vsn.publish("1.1.0")
            try vsn.commit("1.1.0")
            try await vsn.dies(at: "web removed", "reconcile")
            #expect(try await vsn.fairlead("maintenance", "begin").status == 0)
            let before = try await vsn.deployments().count
            let end = try await vsn.fairlead("maintenance", "end")
            #expect(end.status == 0, "\(end.errorTail)")
            #expect(await vsn.served() == "1.1.0")
            #expect(try await vsn.deployments().count == before + 1)
        }
    }

    @Test("the daemon stays away until the end, and then deploys what was committed meanwhile")
    func daemon() async throws {
        try await VSN.deployed { vsn in
            try await vsn.publish("1.1.0")
            try await vsn.withDaemon { _ in
                #expect(try await vsn.fairlead("maintenance", "begin").status == 0)
                try vsn.commit("1.1.0")
                try await Task.sleep(for: .seconds(3))
                #expect(try await vsn.running() == [])
                #expect(try await vsn.fairlead("maintenance", "end").status == 0)
                try await vsn.waits("for the commit that came meanwhile") { await vsn.served() == "1.1.0" }
            }
        }
    }
}

extension VSN {
    var marker: String? {
        try? String(contentsOfFile: "\(scratch.path)/state/jobs/paused", encoding: .utf8)
    }

    /// Runs the binary, which is killed at `checkpoint`.
    fileprivate func dies(at checkpoint: String, _ arguments: String...) async throws {
        await #expect(throws: CommandFailure.self, "nothing died at '\(checkpoint)'") {
            _ = try await Command(
                FairleadBinary.path, arguments + ["--config", configuration],
                environment: environment.merging(["FAIRLEAD_CRASH_AT": checkpoint]) { $1 },
                deadline: .seconds(120)
            ).runToEnd()
        }
    }

    func running() async throws -> [String] {
        let names = try await sandbox.podman("ps", "--format", "{{.Names}}")
        return names.split(separator: "\n").map(String.init).sorted()
    }

    fileprivate func withoutServers(_ body: () async throws -> Void) async throws {
        registry.shutDown()
        try FileManager.default.moveItem(atPath: repo.path, toPath: repo.path + ".gone")
        try await body()
        try FileManager.default.moveItem(atPath: repo.path + ".gone", toPath: repo.path)
    }
}
