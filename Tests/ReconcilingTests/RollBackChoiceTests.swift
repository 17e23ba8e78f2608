import Model
import Planning
import Testing

@testable import Reconciling

@Suite("Which copy of the data a roll back puts back")
struct RollBackChoiceTests {
    private func state(_ deployment: Int64, version: String) throws -> DeployedState {
        DeployedState(
            desired: DesiredState(plan: ResolvedPlan(stack: "acme", version: version, host: "vsn1", containers: [:])),
            commit: try #require(CommitID(String(repeating: "a", count: 40))), deployment: deployment, images: [:])
    }

    /// Made before the deployment after that of its state.
    private func snapshot(
        _ deployment: Int64?, version: String = "1", _ origin: DataSnapshot.Origin = .copied, at second: Int64
    ) throws -> DataSnapshot {
        DataSnapshot(
            run: BackupRunID(at: Timestamp(milliseconds: second * 1000)), origin: origin, deployment: second,
            stack: "acme", state: try deployment.map { try state($0, version: version) })
    }

    @Test("without a number the newest copy, never what was set aside")
    func newest() throws {
        let old = try snapshot(1, at: 2)
        let new = try snapshot(2, at: 3)
        let aside = try snapshot(3, .setAside, at: 4)
        #expect(RollBackChoice.among([aside, new, old], wanted: nil) == .snapshot(new))
        #expect(RollBackChoice.among([old, new], wanted: nil) == .snapshot(new))
    }

    @Test("by its number what was set aside comes back as well")
    func numbered() throws {
        let old = try snapshot(1, at: 2)
        let aside = try snapshot(3, version: "2", .setAside, at: 4)
        #expect(RollBackChoice.among([aside, old], wanted: (3, nil)) == .snapshot(aside))
        #expect(RollBackChoice.among([aside, old], wanted: (1, nil)) == .snapshot(old))
    }

    @Test("a plan that was started again since, as after a boot, is found by what it asks for")
    func rebooted() throws {
        let snapshot = try snapshot(7, version: "2", at: 8)
        let digest = try state(7, version: "2").desired.digest
        #expect(RollBackChoice.among([snapshot], wanted: (4, digest)) == .snapshot(snapshot))
        #expect(RollBackChoice.among([snapshot], wanted: (4, "other")) != .snapshot(snapshot))
    }

    @Test("what belongs to no plan, or is not there, is said")
    func nothing() throws {
        let failed = try snapshot(nil, .setAside, at: 4)
        #expect(
            RollBackChoice.among([failed], wanted: nil)
                == .none("there is no copy of the data from before a deployment"))
        #expect(
            RollBackChoice.among([failed], wanted: (4, nil))
                == .none("there is no copy of the data as deployment 4 had it"))
    }
}
