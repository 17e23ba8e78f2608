import Planning
import Testing

@testable import Reconciling

@Suite("Retries back off and do not end")
struct RetryPolicyTests {
    @Test(
        "the delay doubles up to the longest",
        arguments: [(1, 10), (2, 20), (3, 40), (4, 80), (5, 100), (6, 100), (7, 100)])
    func doubles(attempt: Int, seconds: Int64) {
        let policy = RetryPolicy(attempts: 8, firstDelay: .seconds(10), longestDelay: .seconds(100))
        #expect(policy.delay(after: attempt) == .seconds(seconds))
    }

    @Test("there is always a next try, however often it failed and however large the numbers are")
    func endless() {
        let policy = RetryPolicy(attempts: 8, firstDelay: .seconds(10), longestDelay: .seconds(100))
        #expect(policy.delay(after: 8) == .seconds(100))
        #expect(policy.delay(after: .max) == .seconds(100))
        let large = RetryPolicy(attempts: 1, firstDelay: PlanDuration(milliseconds: .max), longestDelay: .seconds(7))
        #expect(large.delay(after: 1000) == .seconds(7))
    }
}
