import Model
import Synchronization
import Testing

@testable import Deploying

/// A host whose git server says one thing after the other, and the last for ever.
private final class FakeLifeline: Lifeline {
    private let answers: Mutex<[String?]>

    init(answers: [String?] = [nil]) { self.answers = Mutex(answers) }

    func neededAddresses(for plan: ResolvedPlan) async -> [NeededAddress] { [] }
    func obstacleToRepository() async -> String? {
        answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? nil }
    }
}

@Suite("M3: a deployment does not cut its host off")
struct LifelineCheckTests {
    private static let git = NeededAddress("10.1.0.1", owner: "the git server 'git.example.com'")

    private func check(
        _ lifeline: FakeLifeline, subnet: String? = nil, patience: Duration = .milliseconds(30)
    ) -> LifelineCheck {
        LifelineCheck(
            lifeline: lifeline,
            plan: ResolvedPlan(
                stack: "acme", version: "1", host: "vsn1", network: NetworkPlan(subnet: subnet), containers: [:]),
            patience: patience, pause: .milliseconds(1))
    }

    @Test(
        "a subnet with the git server's address is refused, naming both",
        arguments: [("10.1.0.0/16", true), ("10.2.0.0/16", false), (nil, false)])
    func subnet(subnet: String?, isRefused: Bool) {
        let problems = check(FakeLifeline(), subnet: subnet).subnetProblems([Self.git])
        #expect(problems.count == (isRefused ? 1 : 0))
        if isRefused {
            #expect(
                problems.first?.message == "subnet '10.1.0.0/16' holds 10.1.0.1, the address of the git server "
                    + "'git.example.com', which could not be reached any more")
        }
    }

    @Test("so is a network that the engine chose")
    func chosen() throws {
        let check = check(FakeLifeline())
        try check.check([try #require(Subnet("10.2.0.0/16"))], [Self.git])
        let taken = try #require(Subnet("10.1.0.0/24"))
        #expect(throws: DeploymentError.self) { try check.check([taken], [Self.git]) }
    }

    @Test("a git server may be silent for a while, and not for good")
    func silence() async throws {
        let patient = check(FakeLifeline(answers: ["no route", "no route", nil]), patience: .seconds(60))
        try await patient.requireAnswer(since: "it began")
        let error = await #expect(throws: DeploymentError.self) {
            try await check(FakeLifeline(answers: ["no route"])).requireAnswer(since: "the network is there")
        }
        #expect(error?.message.contains("since the network is there") == true)
        #expect(error?.message.hasSuffix("no route") == true)
        #expect(error?.disposition == .transient)
    }
}
