import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "Nothing is touched until everything that can fail early has passed", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(5)))
struct SafetyTests {
    @Test("S8: a dead registry refuses the deployment, the stack runs on, and the retry succeeds")
    func deadRegistry() async throws {
        try await VSN.deployed { vsn in
            let before = try await vsn.containerID("web")
            try await vsn.publish("1.1.0")
            try vsn.commit("1.1.0")
            vsn.registry.shutDown()
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status != 0)
            #expect(try await vsn.deployments().first?.outcome == .refused)
            #expect(try await vsn.containerID("web") == before)
            let failure = try #require(try await vsn.journal().failures().first)
            #expect(failure.disposition == .transient)
            #expect(failure.nextAttempt != nil)
            try await vsn.registry.start()
            try await Task.sleep(for: .seconds(2))
            let retried = try await vsn.fairlead("reconcile")
            #expect(retried.status == 0, "\(retried.errorTail)")
            #expect(try await vsn.deployments().first?.trigger == .retry)
            #expect(await vsn.served() == "1.1.0")
        }
    }

    @Test("a changed setting deploys with the registry dead, from the stored images")
    func storedImages() async throws {
        try await VSN.deployed { vsn in
            try vsn.commit(
                "1.0.0", "Log more", changes: #"{"containers": {"web": {"environment": {"LEVEL": "debug"}}}}"#)
            vsn.registry.shutDown()
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            let changes = try #require(try await vsn.deployments().first?.changes)
            #expect(changes.map(\.text).contains { $0.contains("LEVEL") })
        }
    }

    @Test("a foreign container of the same name refuses the deployment and is not touched")
    func foreignContainer() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            try await vsn.sandbox.podman("run", "--detach", "--name", "\(vsn.stack)-web", image)
            let foreign = try await vsn.containerID("web")
            try vsn.commit("1.0.0")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status != 0)
            #expect(result.errorTail.contains("podman rename"))
            #expect(try await vsn.containerID("web") == foreign)
            #expect(try await vsn.containers() == ["\(vsn.stack)-web"])
        }
    }

    @Test("containers that fairlead did not make are left alone, unless the host is exclusive")
    func foreignContainersStay() async throws {
        try await VSN.deployed { vsn in
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            try await vsn.sandbox.podman("run", "--detach", "--name", "other", image)
            try await vsn.publish("1.1.0")
            try vsn.commit("1.1.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.containers().contains("other"))
            try vsn.configure(["exclusive": true])
            try vsn.commit("1.0.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"])
        }
    }

    @Test("S7: existing data directories keep owner, mode and content")
    func dataStays() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let directory = "\(vsn.dataDirectory)/database"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try "kept".write(toFile: "\(directory)/old", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o751, .ownerAccountID: 4242, .groupOwnerAccountID: 4343], ofItemAtPath: directory)
            try vsn.commit("1.0.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let attributes = try FileManager.default.attributesOfItem(atPath: directory)
            #expect(attributes[.posixPermissions] as? Int == 0o751)
            #expect(attributes[.ownerAccountID] as? Int == 4242)
            #expect(attributes[.groupOwnerAccountID] as? Int == 4343)
            #expect(vsn.data("database/old") == "kept")
        }
    }

    @Test("a crash loop fails at once, with the last lines of its log")
    func crashLoop() async throws {
        try await VSN.deployed { vsn in
            let broken = #"{"containers": {"web": {"command": ["/bin/sh", "-c", "echo no licence found; exit 3"]}}}"#
            try vsn.commit("1.0.0", "Crash", changes: broken)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status != 0)
            let error = try #require(try await vsn.deployments().first?.error)
            #expect(error.contains("crashes in a loop"))
            #expect(error.contains("no licence found"))
        }
    }
}
