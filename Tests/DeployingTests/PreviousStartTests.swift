import Model
import TestSupport
import Testing

@testable import Deploying

@Suite("T1: whether a deployment that failed starts what ran before it")
struct PreviousStartTests {
    private func plan(privileged: Bool, _ onFailure: FailurePolicy = .previous) -> ResolvedPlan {
        var container = ContainerPlan(image: .archive(ImageArchive(url: "https://a.example.com/a.tar", sha256: "00")))
        container.privileged = privileged
        return ResolvedPlan(
            stack: "acme", version: "1", host: "vsn1", containers: ["web": container], onFailure: onFailure)
    }

    private func start(
        _ previous: ResolvedPlan?, _ onFailure: FailurePolicy = .previous, _ trigger: DeploymentTrigger = .commit,
        hasUntouchedData: Bool = false, under profile: PolicyProfile = .strict
    ) -> PreviousStart {
        let commit = CommitID(repeating: "a")
        let request = DeploymentRequest(
            desired: DesiredState(plan: plan(privileged: false, onFailure)), commit: commit, secrets: Secrets(),
            trigger: trigger,
            previous: previous.map { previous in
                let state = DeployedState(
                    desired: DesiredState(plan: previous), commit: commit, deployment: 4, images: [:])
                return PreviousStack(state: state, secrets: nil)
            })
        return PreviousStart.about(
            request, hasUntouchedData: hasUntouchedData, under: VSNPolicy(profile: profile))
    }

    @Test("only where the plan wants that, and never by itself in a roll back; on untouched data always")
    func wanted() {
        let harmless = plan(privileged: false)
        #expect(start(harmless) == .starts)
        #expect(start(harmless, .containerless) == .stays)
        #expect(start(harmless, .previous, .rollBack) == .stays)
        #expect(start(harmless, .containerless, .rollBack, hasUntouchedData: true) == .starts)
    }

    @Test("not where the policy of now would refuse it, which the error says before the log that it quotes")
    func narrowed() throws {
        let root = plan(privileged: true)
        #expect(start(root, under: .trusted) == .starts)
        #expect(start(root, hasUntouchedData: true) == .starts, "nothing was started in its place")
        let refused = start(root)
        guard case .refused(let why) = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(why.hasPrefix("the previous plan is not started: plan.json /containers/web/privileged: "), "\(why)")
        #expect(why.hasSuffix(#""policy": {"privileged": true}"#), "\(why)")
        #expect(refused.explaining("it failed; its last lines: a | b") == "it failed; \(why); its last lines: a | b")
        #expect(refused.explaining("it failed") == "it failed; \(why)")
        #expect(PreviousStart.stays.explaining("it failed") == "it failed")
    }
}
