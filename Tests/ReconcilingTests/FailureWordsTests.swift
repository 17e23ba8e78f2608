import Deploying
import Model
import Testing

@testable import Reconciling

@Suite("The words for a failed deployment")
struct FailureWordsTests {
    @Test("every failure has words, and what is none has none", arguments: DeploymentOutcome.allCases)
    func words(outcome: DeploymentOutcome) throws {
        let commit = try #require(CommitID(String(repeating: "a", count: 40)))
        let plan = ResolvedPlan(stack: "acme", version: "1.0.0", host: "vsn1", containers: [:])
        let request = DeploymentRequest(
            desired: DesiredState(plan: plan), commit: commit, secrets: Secrets(), trigger: .commit)
        let words = FailureWords(outcome, request)
        #expect((words != nil) == outcome.standing.isFailure)
        #expect(words?.headline.isEmpty != true && words?.action.isEmpty != true)
    }
}
