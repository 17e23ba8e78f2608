import Foundation
import Planning
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
            try await ip("-4", "address", "flush", "dev", try await bridge(of: vsn))
            try await vsn.remove("web")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.containerID("database") == database)
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
