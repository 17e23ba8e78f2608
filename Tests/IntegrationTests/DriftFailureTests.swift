import Foundation
import Journal
import Planning
import Processes
import TestSupport
import Testing

@Suite("A repair that goes wrong", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DriftFailureTests {
    /// Crashes as long as a file `broken` lies in its data directory.
    private static let fragile = """
        {"containers": {"database": {"command": [
            "/bin/sh", "-c", "test ! -e /data/broken || exit 7; exec httpd -f -p 5432 -h /data"]}}}
        """

    @Test("that does not become healthy leaves the rest of the stack alone, and is not tried in a loop")
    func unhealthy() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: Self.fragile)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let web = try await vsn.containerID("web")
            try vsn.configure([
                "retry": ["attempts": 5, "firstDelay": "1h", "longestDelay": "1h"] as [String: any Sendable]
            ])
            let marker = "\(vsn.dataDirectory)/database/broken"
            try Data().write(to: URL(filePath: marker))
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-database")
            let failed = try await vsn.fairlead("reconcile")
            #expect(failed.status == 5, "\(failed.errorTail)")
            let repair = try #require(try await vsn.deployments().first)
            #expect(repair.trigger == .drift)
            #expect(repair.outcome == .broken)
            #expect(repair.error?.contains("crashes in a loop") == true)
            #expect(try await vsn.containerID("web") == web)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.journal().deployedState()?.deployment == 1)
            // It is gone again, and its time has not come.
            try await vsn.waits("for a moment at which Podman can remove what crashes in a loop") {
                (try? await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-database")) != nil
            }
            _ = try await vsn.fairlead("reconcile")
            #expect(try await vsn.deployments().count == 2)
            #expect(try await vsn.journal().failures().count == 1)
            #expect(try await vsn.journal().openIncidents().map(\.kind) == [.drift])
            try FileManager.default.removeItem(atPath: marker)
            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.deployments().first?.outcome == .deployed)
            #expect(try await vsn.journal().failures().isEmpty)
            #expect(try await vsn.containerID("web") == web)
            #expect(try await vsn.journal().openIncidents().isEmpty)
        }
    }

    @Test("that cannot begin touches nothing, and is tried again with backoff")
    func refused() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            let foreign = try LoopbackPort.listener(vsn.port)
            let held = try await vsn.fairlead("reconcile")
            close(foreign)
            #expect(held.status == 5, "\(held.errorTail)")
            #expect(held.errorTail.contains("\(vsn.port)"))
            #expect(try await vsn.deployments().first?.outcome == .refused)
            try await Task.sleep(for: .seconds(1))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containerID("database") == database)
            #expect(try await vsn.journal().failures().isEmpty)
        }
    }

    @Test("a kill at any checkpoint of a repair converges, and touches no other container")
    func crash() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            let checkpoints = [
                "in validate", "web image ready", "web removed", "in create", "web created", "web started",
                "after create", "web healthy", "before outcome", "after outcome",
            ]
            for checkpoint in checkpoints {
                try await vsn.sandbox.podman("stop", "--time", "0", "\(vsn.stack)-web")
                let crashed = await #expect(throws: (any Error).self, "nothing died at '\(checkpoint)'") {
                    _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": checkpoint])
                }
                #expect("\(crashed.map { "\($0)" } ?? "")".contains("signal 9"), "\(checkpoint)")
                let restart = try await vsn.fairlead("reconcile")
                #expect(restart.status == 0, "\(checkpoint): \(restart.errorTail)")
                #expect(await vsn.served() == "1.0.0", "\(checkpoint)")
                #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"], "\(checkpoint)")
                #expect(try await vsn.containerID("database") == database, "\(checkpoint)")
                #expect(try await vsn.journal().unfinishedDeployment() == nil, "\(checkpoint)")
                #expect(try await vsn.journal().deployedState() != nil, "\(checkpoint)")
            }
        }
    }
}
