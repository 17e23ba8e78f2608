import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("What differs from the deployed plan is repaired", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct DriftTests {
    @Test(
        "a removed, stopped, paused, renamed, limited or disconnected container is made anew, and no other is touched")
    func repairs() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            let web = "\(vsn.stack)-web"
            let deployed = try vsn.repo.head()
            try vsn.repo.write("README", "Nothing of it is deployed.")
            try vsn.repo.commit("Explain")
            let ways: [([String], String)] = [
                (["rm", "--force", "--time", "0", web], "is missing"),
                (["stop", "--time", "0", web], "is stopped"),
                (["pause", web], "is paused"),
                (["rename", web, "\(web)-old"], "was renamed to '\(web)-old'"),
                (["update", "--memory", "48m", web], "memory is limited to 48 MiB, not to nothing"),
                (["network", "disconnect", vsn.stack, web], "was taken out of network '\(vsn.stack)'"),
            ]
            for (way, words) in ways {
                let said = Comment(rawValue: way.joined(separator: " "))
                let before = try await vsn.containerID("web")
                try await vsn.sandbox.podman(way)
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 0, "\(way): \(result.errorTail)")
                #expect(await vsn.served() == "1.0.0", said)
                #expect(try await vsn.containerID("web") != before, said)
                #expect(try await vsn.containerID("database") == database, said)
                #expect(try await vsn.containers() == ["\(vsn.stack)-database", web], said)
                let repair = try #require(try await vsn.deployments().first)
                #expect(repair.trigger == .drift && repair.commit?.hex == deployed, said)
                #expect(repair.outcome == .deployed, said)
                #expect(repair.changes.map(\.subject) == ["web"], said)
                #expect(repair.changes.first?.text.hasPrefix(words) == true, "\(repair.changes)")
                let serves = ["rename", "update"].contains(way[0])
                let isExact = serves ? nil : way[0] == "stop"
                #expect(repair.changes.first?.down.map(\.isExact) == isExact, said)
                // The three seconds before the second look count as well.
                let downtime = try #require(repair.downtimeMilliseconds)
                #expect(serves || downtime >= 3000, said)
                #expect((repair.downtimeAtMostMilliseconds ?? downtime) >= downtime, said)
                #expect(try await vsn.journal().openDrift().isEmpty, said)
            }
            // Containers of several deployments beside each other are no drift.
            let tries = try await vsn.deployments().count
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.deployments().count == tries)
        }
    }

    @Test("a container of another image with our labels, and one that the plan does not have, are replaced")
    func impostors() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            try await vsn.publish("6.6.6")
            let image = "\(vsn.registry.address)/acme/web:6.6.6"
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            for name in ["web", "old"] {
                try await vsn.sandbox.podman(
                    "run", "--detach", "--name", "\(vsn.stack)-\(name)", "--network", vsn.stack,
                    "--label", "\(FairleadLabel.stack)=\(vsn.stack)", "--label", "\(FairleadLabel.container)=\(name)",
                    image)
            }
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"])
            #expect(try await vsn.containerID("database") == database)
            let changes = try #require(try await vsn.deployments().first?.changes)
            #expect(changes.map(\.subject) == ["web", "web", "old"])
            #expect(changes.map(\.kind) == [.changed, .changed, .removed])
            #expect(changes.map(\.text).contains { $0.hasPrefix("runs image") })
        }
    }

    @Test("the network with all containers is established again from the saved plan")
    func network() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("network", "rm", "--force", vsn.stack)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.deployments().first?.trigger == .restart)
        }
    }

    @Test("a foreign container on the stack's network is told of and left")
    func foreign() async throws {
        try await VSN.deployed { vsn in
            let before = [try await vsn.containerID("database"), try await vsn.containerID("web")]
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            try await vsn.sandbox.podman("run", "--detach", "--name", "guest", "--network", vsn.stack, image)
            let guest = try await vsn.sandbox.podman("inspect", "--format", "{{.Id}}", "guest")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.sandbox.podman("inspect", "--format", "{{.Id}}", "guest") == guest)
            #expect([try await vsn.containerID("database"), try await vsn.containerID("web")] == before)
            #expect(try await vsn.journal().openDrift().map(\.finding.kind) == [.foreign])
            #expect(try await vsn.deployments().count == 1)
            let status = try await vsn.fairlead("status")
            #expect(status.text.contains("guest  is on the stack's network"), "\(status.text)")
            #expect(try await vsn.journal().openIncidents().map(\.kind) == [.drift])
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "guest")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.journal().openIncidents().isEmpty)
        }
    }

    @Test("one that the health check gave up on is left until 'fairlead retry'")
    func givenUp() async throws {
        try await VSN.deployed { vsn in
            try vsn.scratch.write("", to: "state/jobs/health/web/gave-up")
            try await vsn.sandbox.podman("stop", "--time", "0", "\(vsn.stack)-web")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == nil)
            #expect(try await vsn.fairlead("status").text.contains("the health check gave up on it"))
            #expect(try await vsn.fairlead("retry").status == 0)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
        }
    }
}
