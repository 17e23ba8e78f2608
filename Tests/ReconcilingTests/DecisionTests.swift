import Model
import Testing

@testable import Reconciling

@Suite("What the loop does about a candidate")
struct DecisionTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func failure(next: Int64?) throws -> FailedPlan {
        FailedPlan(
            key: .plan("d"), commit: try #require(CommitID(String(repeating: "a", count: 40))),
            disposition: next == nil ? .permanent : .transient, message: "m", attempts: 1, lastAttempt: now,
            nextAttempt: next.map(Timestamp.init(milliseconds:)))
    }

    private func decide(
        deployed: Bool = false, hotfix: Bool = false, failure: FailedPlan? = nil, unfinished: Bool = false,
        force: Bool = false
    ) -> Decision {
        Decision.about(
            isDeployed: deployed, onlyHotfixes: hotfix, failure: failure, unfinished: unfinished, force: force, now: now
        )
    }

    @Test("G2 G3: an equal plan deploys nothing, a different one is deployed")
    func difference() {
        #expect(decide(deployed: true) == .nothing)
        #expect(decide() == .deploy(.commit))
    }

    @Test("S2: a plan that differs in hotfixes only is a hotfix")
    func hotfix() { #expect(decide(hotfix: true) == .deploy(.hotfix)) }

    @Test("a plan whose failure an operator lifted is a retry")
    func lifted() {
        let decision = Decision.about(
            isDeployed: false, onlyHotfixes: true, failure: nil, isLifted: true, unfinished: false, force: false,
            now: now)
        #expect(decision == .deploy(.retry))
    }

    @Test("a plan that failed for good is not tried again by itself")
    func permanent() throws {
        let failure = try failure(next: nil)
        #expect(decide(failure: failure) == .remembered(failure))
    }

    @Test("a transient failure is tried again when its time has come")
    func transient() throws {
        let later = try failure(next: 1_000_001)
        #expect(decide(failure: later) == .remembered(later))
        #expect(decide(failure: try failure(next: 1_000_000)) == .deploy(.retry))
    }

    @Test("a clock that was ahead when a plan failed does not keep it from being tried now")
    func clockAhead() throws {
        var failure = try failure(next: 40_000_000_000)
        failure.lastAttempt = Timestamp(milliseconds: 39_999_990_000)
        #expect(decide(failure: failure) == .deploy(.retry))
        #expect(failure.nextTry(at: now) == now)
        failure.nextAttempt = nil
        #expect(decide(failure: failure) == .remembered(failure))
    }

    @Test("after a crash the stack is deployed even if its plan counts as deployed")
    func unfinished() { #expect(decide(deployed: true, unfinished: true) == .deploy(.recovery)) }

    @Test("an operator can force a deployment of an equal or a failed plan")
    func force() throws {
        #expect(decide(deployed: true, force: true) == .deploy(.manual))
        #expect(decide(failure: try failure(next: nil), force: true) == .deploy(.manual))
    }
}
