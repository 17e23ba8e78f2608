import Foundation
import Journal
import Planning
import Processes
import TestSupport
import Testing

@Suite("After a boot", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct BootTests {
    @Test("the saved plan is tried until it starts, and nobody calls the host deployed meanwhile")
    func busyPort() async throws {
        try await VSN.deployed { vsn in
            try await vsn.sandbox.podman("stop", "--all", "--time", "0")
            let foreign = try LoopbackPort.listener(vsn.port)
            let held = try await vsn.fairlead("reconcile")
            close(foreign)
            #expect(held.status == 5, "\(held.errorTail)")
            #expect(held.errorTail.contains("\(vsn.port)"))
            let failure = try #require(try await vsn.journal().failures().first)
            #expect(failure.nextAttempt != nil)
            try await Task.sleep(for: .seconds(2))
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.journal().failures().isEmpty)
        }
    }

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
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            #expect(await vsn.served() == "1.0.0")
        }
    }
}
