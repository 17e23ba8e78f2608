import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("A network that is not whole is made whole", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct BridgeTests {
    private func ip(_ arguments: String...) async throws {
        _ = try await Command(try #require(Command.find("ip")), arguments).run()
    }

    /// The bridge of the stack's network, which runs.
    private func bridge(of vsn: VSN) async throws -> String {
        try await vsn.sandbox.podman("network", "inspect", "--format", "{{.NetworkInterface}}", vsn.stack)
    }

    /// What an engine leaves that is killed after its first step.
    private func makeHalf(_ bridge: String) async throws {
        try await ip("link", "add", bridge, "type", "bridge")
        try await ip("link", "set", bridge, "up")
    }

    @Test("a bridge without address, left by an engine that was killed, costs no deployment and no start of the stack")
    func halfMade() async throws {
        try await VSN.deployed { vsn in
            let bridge = try await bridge(of: vsn)
            #expect(try await vsn.fairlead("teardown", "--yes").status == 0)
            #expect(try await vsn.fairlead("resume").status == 0)
            try await makeHalf(bridge)
            try await vsn.publish("1.1.0")
            try vsn.commit("1.1.0")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(await vsn.served() == "1.1.0")

            try await vsn.sandbox.podman("stop", "--all", "--time", "1")
            try await makeHalf(bridge)
            let start = try await vsn.fairlead("reconcile")
            #expect(start.status == 0, "\(start.text)\(start.errorTail)")
            #expect(await vsn.served() == "1.1.0")
        }
    }

    @Test("a bridge that lost its address gets it back when a container is made anew, and the others run on")
    func lostAddress() async throws {
        try await VSN.deployed { vsn in
            let database = try await vsn.containerID("database")
            let bridge = try await bridge(of: vsn)
            try await ip("-4", "address", "flush", "dev", bridge)
            let status = try await vsn.fairlead("status")
            #expect(status.text.contains("bridge '\(bridge)' has lost"), "\(status.text)")
            try await vsn.remove("web")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containerID("database") == database)
        }
    }

    /// What `status` says, and what a look at the stack makes of it: the same containers, which reach each other by name.
    private func mends(_ vsn: VSN, _ words: String, _ change: () async throws -> Void) async throws {
        let containers = [try await vsn.containerID("web"), try await vsn.containerID("database")]
        try await change()
        let status = try await vsn.fairlead("status", "--exit-code")
        #expect(status.status == 3, "\(status.text)")
        #expect(status.text.contains(words), "\(status.text)")
        let result = try await vsn.fairlead("reconcile")
        #expect(result.status == 0, "\(result.text)\(result.errorTail)")
        #expect(await vsn.served() == "1.0.0", "\(words)")
        #expect([try await vsn.containerID("web"), try await vsn.containerID("database")] == containers, "\(words)")
        #expect(try await vsn.journal().openDrift().isEmpty, "\(words)")
        _ = try await vsn.sandbox.podman("exec", "\(vsn.stack)-web", "nslookup", "database")
        let whole = "1.0.0 deployed, but no daemon follows the branch\n"
        #expect(try await vsn.fairlead("status").text.contains(whole), "\(words)")
    }

    @Test("a bridge that is down or gone below a stack that runs is mended, and its containers run on")
    func belowTheStack() async throws {
        try await VSN.deployed { vsn in
            let bridge = try await bridge(of: vsn)
            try await mends(vsn, "'\(bridge)' is down") { try await ip("link", "set", bridge, "down") }
            try await mends(vsn, "'\(bridge)' is gone") { try await ip("link", "delete", bridge) }
            #expect(Set(try await vsn.journal().drift(limit: 9).map(\.finding.kind)) == [.bridge])
            #expect(try await vsn.deployments().count == 1)
        }
    }

    @Test("a bridge that the engine left behind, with the address of the plan's subnet, is no reason to refuse that")
    func leftBehind() async throws {
        try await VSN.with { vsn in
            let network = #"{"network": {"subnet": "\#(vsn.sandbox.subnet)"}}"#
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit("1.0.0", changes: network)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let bridge = try await bridge(of: vsn)
            let gateway = try await vsn.sandbox.podman(
                "network", "inspect", "--format", "{{range .Subnets}}{{.Gateway}}{{end}}", vsn.stack)
            try await vsn.sandbox.podman("rm", "--all", "--force", "--time", "0")
            try await makeHalf(bridge)
            try await ip("address", "add", "\(gateway)/26", "dev", bridge)
            try vsn.commit("1.1.0", changes: network)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(await vsn.served() == "1.1.0")
        }
    }
}
