import Model
import Testing

@testable import Incidents

@Suite("Of which failures people hear")
struct DeploymentCauseTests {
    private static func cause(_ outcome: DeploymentOutcome, _ digest: String = "d") -> DeploymentCause {
        DeploymentCause(outcome: outcome, key: FailureKey(digest))
    }

    @Test("S12: the first failure is news, and the failure of another plan")
    func first() {
        #expect(Self.cause(.refused).isNews(after: nil))
        #expect(Self.cause(.refused).isNews(after: Self.cause(.containerless, "another")))
    }

    @Test(
        "S12: a retry that fails as before is no news; one that leaves the host worse off is",
        arguments: [
            (DeploymentOutcome.refused, DeploymentOutcome.refused, false), (.refused, .previous, true),
            (.refused, .containerless, true), (.previous, .containerless, true), (.containerless, .broken, true),
            (.containerless, .refused, false), (.containerless, .containerless, false), (.broken, .previous, false),
        ])
    func again(earlier: DeploymentOutcome, now: DeploymentOutcome, isNews: Bool) {
        #expect(Self.cause(now).isNews(after: Self.cause(earlier)) == isNews)
    }

    @Test("a cause is read back as it was written, whatever the digest is; another text is none")
    func text() {
        for cause in [Self.cause(.containerless, "boot 12:ab"), Self.cause(.refused, "unresolved aa")] {
            #expect(DeploymentCause(cause.text) == cause)
        }
        #expect(DeploymentCause("stale") == nil)
    }
}
