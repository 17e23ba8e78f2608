import Planning
import Testing

@testable import Reconciling

@Suite("Retries back off and end")
struct RetryPolicyTests {
    @Test(
        "the delay doubles up to the longest",
        arguments: [(1, 10), (2, 20), (3, 40), (4, 80), (5, 100), (6, 100), (7, 100)])
    func doubles(attempt: Int, seconds: Int64) {
        let policy = RetryPolicy(attempts: 8, firstDelay: .seconds(10), longestDelay: .seconds(100))
        #expect(policy.delay(after: attempt) == .seconds(seconds))
    }

    @Test("no try is left after the last one, however large the numbers are")
    func ends() {
        let policy = RetryPolicy(attempts: 8, firstDelay: .seconds(10), longestDelay: .seconds(100))
        #expect(policy.delay(after: 8) == nil)
        #expect(policy.delay(after: 9) == nil)
        let endless = RetryPolicy(
            attempts: .max, firstDelay: PlanDuration(milliseconds: .max), longestDelay: .seconds(7))
        #expect(endless.delay(after: 1000) == .seconds(7))
    }
}
