import Model
import Testing

@testable import Deploying

@Suite("What keeps a container from becoming healthy is the plan's fault only where the container could be asked")
struct HealthGateTests {
    private func error(after answer: ProbeResult, isProven: Bool = false) async -> DeploymentError? {
        let health = HealthPlan(
            check: .tcp(port: 80), interval: PlanDuration(milliseconds: 1), timeout: PlanDuration(milliseconds: 1),
            retries: 1)
        let gate = HealthGate(
            insight: Answering(answer), stabilityPeriod: .zero, preemption: Preemption(), isProven: isProven)
        do {
            try await gate.pass("web", id: "1", health: health)
            return nil
        } catch {
            return error as? DeploymentError
        }
    }

    @Test("a container that answers is healthy, one that refuses is the plan's fault, one out of reach is the host's")
    func dispositions() async {
        #expect(await error(after: .healthy) == nil)
        let refused = await error(after: .unhealthy("connection refused"))
        #expect(refused?.disposition == .permanent)
        #expect(refused?.message.contains("connection refused; it logged nothing") == true)
        let cutOff = await error(after: .unreachable("network is unreachable"))
        #expect(cutOff?.disposition == .transient)
        #expect(cutOff?.message.hasSuffix("network is unreachable, so that nobody could ask it") == true)
    }

    @Test("what passed before is not to be mended by a commit first")
    func advice() async {
        #expect(await error(after: .unhealthy("503"))?.hint.hasPrefix("mend the image") == true)
        let repaired = await error(after: .unhealthy("503"), isProven: true)
        #expect(repaired?.hint.contains("those that passed before") == true)
    }
}

/// A container that runs and always answers the same.
private struct Answering: ContainerInsight {
    let answer: ProbeResult

    init(_ answer: ProbeResult) { self.answer = answer }

    func inspect(_ id: String) async throws -> ContainerStatus? {
        ContainerStatus(id: id, name: "web", imageID: "i", state: .running)
    }
    func probe(_ check: HealthCheck, container: ContainerStatus, timeout: PlanDuration) async -> ProbeResult { answer }
    func lastExitCode(_ id: String) async throws -> Int? { nil }
    func logTail(_ id: String, lines: Int) async throws -> String { "" }
}
