import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("A commit becomes a running stack", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct LifecycleTests {
    @Test("G1-G5 S7 S13: deploy, update, no change, broken plan, unhealthy plan, revert")
    func story() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0", "1.1.0")
            try vsn.commit("1.0.0")
            try await expect(vsn, status: 0, outcome: .deployed, serving: "1.0.0")

            try vsn.commit("1.1.0")
            try await expect(vsn, status: 0, outcome: .deployed, serving: "1.1.0")

            try vsn.repo.write("README.md", "words")
            let readme = try vsn.repo.commit("Explain")
            let nothing = try await vsn.fairlead("reconcile")
            #expect(nothing.status == 0)
            #expect(try await vsn.deployments().count == 2)
            #expect(try await vsn.journal().lastSeen()?.verdict == .nothingToDeploy)
            #expect(try await vsn.journal().lastSeen()?.commit.id.hex == readme)

            try vsn.repo.write("plan.json", #"{"schemaVersion": 1, "stak": "x"}"#)
            try vsn.repo.commit("Break the plan")
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status != 0)
            #expect((refused.text + refused.errorTail).contains("did you mean 'stack'"))
            #expect(await vsn.served() == "1.1.0")

            try vsn.commit("1.1.0", "Never healthy", changes: VSN.neverHealthy())
            try await expect(vsn, status: nil, outcome: .containerless, serving: nil)
            #expect(try await vsn.containers() == [])
            #expect(try await vsn.networks() == [])
            #expect(try await vsn.journal().deployedState() == nil)

            try vsn.repo.revert()
            try vsn.repo.revert("HEAD~2")
            try await expect(vsn, status: 0, outcome: .deployed, serving: "1.1.0")
            #expect(vsn.data("database/starts")?.split(separator: "\n").count == 4)
        }
    }

    @Test("E3: once a newer version is deployed, the images that only the older one had are gone")
    func olderImages() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0", "1.1.0", "1.2.0")
            try vsn.commit("1.0.0")
            try await expect(vsn, status: 0, outcome: .deployed, serving: "1.0.0")
            // The database's, in every version.
            let everyVersions = try await images(vsn)
            try vsn.commit("1.1.0")
            try await expect(vsn, status: 0, outcome: .deployed, serving: "1.1.0")
            let older = try await images(vsn).subtracting(everyVersions)
            #expect(older.count == 1)
            try vsn.commit("1.2.0")
            try await expect(vsn, status: 0, outcome: .deployed, serving: "1.2.0")
            let left = try await images(vsn)
            #expect(left.isSuperset(of: everyVersions))
            #expect(left.isDisjoint(with: older), "the older version's image is still there")
        }
    }

    /// The ids of all that the engine stores, layers of builds included.
    private func images(_ vsn: VSN) async throws -> Set<Substring> {
        Set(try await vsn.sandbox.podman("images", "--all", "--quiet", "--no-trunc").split(separator: "\n"))
    }

    private func expect(
        _ vsn: VSN, status: Int32?, outcome: DeploymentOutcome, serving: String?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let result = try await vsn.fairlead("reconcile")
        let said = Comment(rawValue: result.text + result.errorTail)
        if let status {
            #expect(result.status == status, said, sourceLocation: sourceLocation)
        } else {
            #expect(result.status != 0, said, sourceLocation: sourceLocation)
        }
        #expect(try await vsn.deployments().first?.outcome == outcome, said, sourceLocation: sourceLocation)
        #expect(await vsn.served() == serving, said, sourceLocation: sourceLocation)
    }
}
