import Model
import Testing

@testable import Deploying

@Suite("The way back that a failed deployment names")
struct RollBackAdviceTests {
    private let commit: CommitID

    init() throws { commit = try #require(CommitID(String(repeating: "a", count: 40))) }

    private func state(_ deployment: Int64, stack: String = "acme") -> DeployedState {
        DeployedState(
            desired: DesiredState(
                plan: ResolvedPlan(stack: stack, version: "\(deployment).0.0", host: "vsn1", containers: [:])),
            commit: commit, deployment: deployment, images: [:])
    }

    private func copy(
        _ deployment: Int64, _ origin: DataSnapshot.Origin = .copied, stack: String = "acme", hasState: Bool = true
    ) -> DataSnapshot {
        DataSnapshot(
            run: BackupRunID(at: Timestamp(milliseconds: deployment * 1000)), origin: origin,
            deployment: deployment + 1, stack: stack, state: hasState ? state(deployment, stack: stack) : nil)
    }

    private func advice(
        _ outcome: DeploymentOutcome, of previous: DeployedState? = nil, hasCopy: Bool = false,
        isRollBack: Bool = false, _ copies: DataSnapshot...
    ) -> String? {
        RollBackAdvice(after: outcome, of: previous, hasCopy: hasCopy, isRollBack: isRollBack, copies: copies)?.text
    }

    @Test(
        "where nothing runs, it is what 'fairlead rollback' brings back, also after a correction that was refused",
        arguments: [.containerless, .refused, .broken] as [DeploymentOutcome])
    func down(outcome: DeploymentOutcome) {
        let words = "'fairlead rollback' brings back 4.0.0 with the data of before"
        #expect(advice(outcome, copy(3), copy(4), copy(5, .setAside), copy(6, hasState: false)) == words)
        #expect(advice(outcome, copy(4, stack: "formerly")) == words)
        #expect(advice(outcome) == nil)
        #expect(advice(outcome, copy(5, .setAside)) == nil)
    }

    @Test("where a version ran, it is that one, if its data was copied or set aside")
    func replaced() {
        #expect(advice(.containerless, of: state(4), copy(3)) == nil)
        #expect(
            advice(.containerless, of: state(4), hasCopy: true, copy(4))
                == "'fairlead rollback' brings back 4.0.0 with the data of before")
        #expect(
            advice(.containerless, of: state(4), hasCopy: true, isRollBack: true, copy(4, .setAside))
                == "'fairlead rollback --to 4' brings back 4.0.0 with its data")
    }

    @Test(
        "where something runs, none is named",
        arguments: [.deployed, .previous, .interrupted, .tornDown] as [DeploymentOutcome])
    func running(outcome: DeploymentOutcome) {
        #expect(advice(outcome, copy(4)) == nil)
        #expect(advice(outcome, of: state(4), hasCopy: true, copy(4)) == nil)
    }

    @Test("a version that runs on when its successor is refused is not rolled back")
    func refused() { #expect(advice(.refused, of: state(4), copy(3)) == nil) }
}
