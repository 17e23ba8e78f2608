import Model
import Planning
import Testing

@testable import Reconciling

@Suite("What a roll back keeps the next poll from deploying")
struct RollBackTargetTests {
    private func commit(_ letter: Character) throws -> CommitID {
        try #require(CommitID(String(repeating: letter, count: 40)))
    }

    private func state(_ letter: Character, version: String) throws -> DeployedState {
        DeployedState(
            desired: DesiredState(plan: ResolvedPlan(stack: "acme", version: version, host: "vsn1", containers: [:])),
            commit: try commit(letter), deployment: 1, images: [:])
    }

    /// The branch was seen at `tip`, which asks for `asked`.
    private func target(
        back: DeployedState, deployed: DeployedState?, tip: Character?, asked: DeployedState?
    ) throws -> RollBackTarget {
        let record = try tip.map { letter in
            CommitRecord(
                commit: Commit(
                    id: try commit(letter), author: "Ada", email: "", time: 0, subject: "Upgrade", parents: []),
                seen: Timestamp(milliseconds: 1), servedBy: "")
        }
        let snapshot = DataSnapshot(
            run: BackupRunID(at: Timestamp(milliseconds: 1000)), origin: .copied, deployment: 2, stack: "acme",
            state: back)
        return RollBackTarget(
            snapshot: snapshot, state: back, deployed: deployed, tip: record, tipDigest: asked?.desired.digest,
            changes: [])
    }

    @Test("what is left and what the branch asks for, each under the commit that asks for it")
    func held() throws {
        let one = try state("a", version: "1")
        let two = try state("b", version: "2")
        let three = try state("c", version: "3")
        let pushed = try target(back: one, deployed: two, tip: "c", asked: three)
        #expect(
            pushed.plansToHold == [two.desired.digest: try commit("b"), three.desired.digest: try commit("c")])
        // Another commit on top that leaves the plan as it was.
        let typo = try target(back: one, deployed: two, tip: "d", asked: two)
        #expect(typo.plansToHold == [two.desired.digest: try commit("d")] && typo.tipDiffers)
        let unread = try target(back: one, deployed: two, tip: "c", asked: nil)
        #expect(unread.plansToHold == [two.desired.digest: try commit("b")] && unread.tipDiffers)
        let unseen = try target(back: one, deployed: two, tip: nil, asked: nil)
        #expect(unseen.plansToHold == [two.desired.digest: try commit("b")] && !unseen.tipDiffers)
    }

    @Test("nothing where the branch asks for what comes back, also with other commits on top: nothing has failed then")
    func agreed() throws {
        let one = try state("a", version: "1")
        let two = try state("b", version: "2")
        for (tip, asked) in [("b", two), ("d", two), ("b", nil)] as [(Character, DeployedState?)] {
            let target = try target(back: two, deployed: one, tip: tip, asked: asked)
            #expect(target.plansToHold == [:] && !target.tipDiffers)
        }
    }
}
