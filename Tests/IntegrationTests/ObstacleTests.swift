import Foundation
import Journal
import Processes
import TestSupport
import Testing

/// Things on a host that Fairlead did not make.
@Suite("What stands in the way of a stack", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct ObstacleTests {
    @Test("a foreign network of the stack's name, or with its addresses, refuses the plan while the stack runs on")
    func networks() async throws {
        try await VSN.deployed { vsn in
            let before = try await vsn.containerID("web")
            let other = "\(vsn.stack)x"
            try await vsn.sandbox.podman("network", "create", "--subnet", vsn.sandbox.subnet, other)
            for (changes, word) in [
                (#"{"stack": "\#(other)", "formerly": "\#(vsn.stack)"}"#, "podman network rm \(other)"),
                (#"{"network": {"subnet": "\#(vsn.sandbox.subnet)"}}"#, "overlaps"),
                (#"{"network": {"subnet": "127.0.0.0/24"}}"#, "interface 'lo'"),
            ] {
                try vsn.commit("1.0.0", changes: changes)
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 3, "\(result.errorTail)")
                #expect(result.errorTail.contains(word), "\(result.errorTail)")
                #expect(try await vsn.containerID("web") == before)
            }
        }
    }

    @Test("a foreign container in the stack's network is taken out of it; one in a namespace refuses the plan")
    func containers() async throws {
        try await VSN.deployed { vsn in
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            try await vsn.sandbox.podman("run", "--detach", "--name", "guest", "--network", vsn.stack, image)
            try vsn.commit("1.0.0", changes: #"{"containers": {"web": {"environment": {"A": "1"}}}}"#)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.sandbox.podman("inspect", "--format", "{{.State.Status}}", "guest") == "running")
            try await vsn.sandbox.podman(
                "run", "--detach", "--name", "lodger", "--network", "container:\(vsn.stack)-web", image, "/bin/sleep",
                "1000")
            let before = try await vsn.containerID("web")
            try vsn.commit("1.0.0", changes: #"{"containers": {"web": {"environment": {"A": "2"}}}}"#)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 3)
            #expect(result.errorTail.contains("podman rm --force lodger"), "\(result.errorTail)")
            #expect(try await vsn.containerID("web") == before)
        }
    }

    @Test("an exclusive host drops also what is paused or lives in the namespaces of others")
    func exclusive() async throws {
        try await VSN.deployed { vsn in
            let image = "\(vsn.registry.address)/acme/web:1.0.0"
            for (name, network) in [("one", "none"), ("two", "container:one"), ("three", "container:\(vsn.stack)-web")]
            {
                try await vsn.sandbox.podman(
                    "run", "--detach", "--name", name, "--network", network, image, "/bin/sleep", "1000")
            }
            try await vsn.sandbox.podman("pause", "one")
            try await vsn.sandbox.podman("pause", "\(vsn.stack)-database")
            try vsn.configure(["exclusive": true])
            try vsn.commit("1.0.0", changes: #"{"containers": {"web": {"environment": {"A": "1"}}}}"#)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"])
        }
    }
}
