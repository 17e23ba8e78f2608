import Model
import Testing

@testable import Deploying

@Suite("An address that the engine keeps for another container is never the plan's fault")
struct LostAddressTests {
    private func error(heldBy holder: String) async throws -> any Actionable {
        let held = HeldAddress(address: "10.89.0.131", holder: holder)
        return try await AddressVerdict(insight: TwoHolders()).error(for: held, "acme-web")
    }

    @Test("one that is gone has lost it, for which the whole stack is made anew with another")
    func gone() async throws {
        let lost = try #require(try await error(heldBy: "1c747a0255829dd6") as? LostAddress)
        #expect(
            lost.message == "cannot start container 'acme-web': the engine keeps address 10.89.0.131 for container "
                + "'1c747a025582', which is gone")
        #expect(lost.address == "10.89.0.131" && lost.disposition == .transient)
        // One of the stack goes with it, and is not called gone before.
        let own = try #require(try await error(heldBy: "own") as? LostAddress)
        #expect(own.reason == "the engine keeps address 10.89.0.131 for container 'own'")
        let known = LostAddresses()
        #expect(known.insert(lost))
        #expect(!known.insert(lost))
        #expect(known.all == ["10.89.0.131"])
    }

    @Test("somebody else's keeps it, and is named")
    func foreign() async throws {
        let error = try #require(try await error(heldBy: "guest") as? DeploymentError)
        #expect(
            error.message == "cannot start container 'acme-web': its address 10.89.0.131 is that of container 'visitor'"
        )
        #expect(error.hint.contains("'podman rm --force visitor'"))
        #expect(error.disposition == .transient)
    }
}

private struct TwoHolders: ContainerInsight {
    func inspect(_ id: String) async throws -> ContainerStatus? {
        switch id {
        case "guest": ContainerStatus(id: id, name: "visitor", imageID: "i", state: .running)
        case "own":
            ContainerStatus(
                id: id, name: "acme-web", imageID: "i", state: .running,
                labels: [FairleadLabel.stack: "acme", FairleadLabel.container: "web"])
        default: nil
        }
    }
    func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult {
        .healthy
    }
    func lastExitCode(_ id: String) async throws -> Int? { nil }
    func logTail(_ id: String, lines: Int) async throws -> String { "" }
}
