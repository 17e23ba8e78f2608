import Model
import Testing

@testable import Reconciling

@Suite("Plans that an operator took back")
struct HeldPlansTests {
    private actor Memory: FailureMemory {
        private var known: [FailureKey: FailedPlan] = [:]

        func failures() -> [FailedPlan] { known.values.sorted { $0.key.text < $1.key.text } }
        func remember(_ failure: FailedPlan) { known[failure.key] = failure }
        func forgetFailures(of key: FailureKey?) {
            if let key { known[key] = nil } else { known = [:] }
        }
        func isLifted(_ key: FailureKey) -> Bool { false }
        func suspension() -> Suspension? { nil }
        func downSince() -> OutageBegin? { nil }
    }

    private let memory = Memory()
    private let now = Timestamp(milliseconds: 5)
    private let commit: CommitID

    init() throws { commit = try #require(CommitID(String(repeating: "a", count: 40))) }

    private func failure(_ key: FailureKey) -> FailedPlan {
        FailedPlan(
            key: key, commit: commit, disposition: .transient, message: "the registry is down", attempts: 3,
            lastAttempt: Timestamp(milliseconds: 1), nextAttempt: Timestamp(milliseconds: 9))
    }

    private var held: HeldPlans { HeldPlans(memory: memory) }

    @Test("a plan that was taken back is not tried again by itself, also where it waited for another try")
    func hold() async throws {
        await memory.remember(failure(.plan("b")))
        _ = try await held.hold(["a": commit, "b": commit], saying: "taken back", at: now)
        let failures = await memory.failures()
        #expect(failures.map(\.key.text) == ["a", "b"])
        #expect(failures.allSatisfy { $0.message == "taken back" && $0.isHeldBack(at: now) && $0.nextAttempt == nil })
        #expect(failures.map(\.attempts) == [1, 3])
        #expect(failures.allSatisfy { $0.takenBack == true }, "nobody says that they failed")
    }

    @Test("where the roll back is refused, everything is as it was")
    func release() async throws {
        await memory.remember(failure(.plan("b")))
        let earlier = try await held.hold(["a": commit, "b": commit], saying: "taken back", at: now)
        try await held.release(["a", "b"], to: earlier)
        #expect(await memory.failures() == [failure(.plan("b"))])
    }

    @Test("what else had failed is forgotten once the plan of before runs")
    func others() async throws {
        await memory.remember(failure(.boot("c")))
        _ = try await held.hold(["a": commit], saying: "taken back", at: now)
        try await held.forgetAll(but: ["a"])
        #expect(await memory.failures().map(\.key.text) == ["a"])
    }
}
