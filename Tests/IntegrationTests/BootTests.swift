import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("After a boot", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct BootTests {
    @Test("an image that lost content is pulled again")
    func damagedImage() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.sandbox.damageImages()
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(result.errorTail.contains("is damaged"), "\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("an image that was removed is brought with the content that ran, although its tag has moved")
    func movedTag() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("rm", "--all", "--force", "--time", "0")
            try await vsn.sandbox.podman("rmi", "--all", "--force")
            try await vsn.registry.push(PodmanTestImage("moved"), repository: "acme/web", tag: "1.0.0")
            try vsn.losesMemory()
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            // When it went down nobody saw: the downtime has two bounds.
            let start = try #require(try await vsn.deployments().first)
            #expect(start.trigger == .boot)
            let least = try #require(start.downtimeMilliseconds)
            #expect(try #require(start.downtimeAtMostMilliseconds) > least)
            #expect(start.changes.last?.text.hasPrefix("down with its host, which was last seen up at 20") == true)
        }
    }

    @Test("a start of the saved plan that was cut off, and fails when it is tried again, leaves what runs of it")
    func cutOff() async throws {
        try await VSN.deployed(with: VSN.fragile) { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.break("database")
            await #expect(throws: (any Error).self) {
                _ = try await vsn.fairlead("reconcile", environment: ["FAIRLEAD_CRASH_AT": "in tear down"])
            }
            #expect(try await vsn.fairlead("reconcile").status == 5)
            #expect(try await vsn.deployments().map(\.outcome) == [.broken, .interrupted, .deployed])
            #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"])
            #expect(try await vsn.journal().deployedState()?.deployment == 1)
            #expect(try await vsn.openSubjects() == ["boot"])
        }
    }

    @Test("what stands in the way of the cron jobs does not keep the stack down")
    func hostSide() async throws {
        let jobs = #"{"maintenance": {"cleanup": {"schedule": "30 3 * * *", "keep": "14d"}}}"#
        try await VSN.deployed(with: jobs) { vsn in
            try Data("every morning /usr/bin/true\n".utf8).write(to: URL(filePath: vsn.cron.file))
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            let started = try await vsn.fairlead("reconcile")
            #expect(started.status == 0, "\(started.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.deployments().first?.trigger == .restart)
        }
    }

    @Test("after a start that failed, a commit that changes one container replaces the whole stack")
    func wholeStack() async throws {
        try await VSN.deployed(with: VSN.fragile) { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            try vsn.break("database")
            #expect(try await vsn.fairlead("reconcile").status == 5)
            try vsn.commit("1.0.0", "Do not look at it")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            let deployment = try #require(try await vsn.deployments().first)
            // Beside the outage that it ends.
            let changes = deployment.changes.filter { $0.down == nil }
            #expect(deployment.trigger == .commit && changes.map(\.subject) == ["database"], "\(deployment.changes)")
            for name in ["database", "web"] { #expect(try await vsn.maker(of: name) == deployment.id, "\(name)") }
            #expect(try await vsn.openSubjects() == [])
        }
    }
}
