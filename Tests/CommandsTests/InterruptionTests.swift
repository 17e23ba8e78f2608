import Deploying
import Model
import Synchronization
import Testing

@testable import Commands

@Suite("Ctrl-C while a command deploys")
struct InterruptionTests {
    private final class Listener: DeploymentObserver {
        let count = Mutex(0)
        func deployment(_ event: DeploymentEvent) { count.withLock { $0 += 1 } }
    }

    private static let end = DeploymentEvent.ended(deployment: 1, outcome: .deployed, downtimeMilliseconds: nil)

    private func interruption(after events: [DeploymentEvent]) -> Interruption {
        let interruption = Interruption(passingOnTo: Listener())
        for event in events { interruption.deployment(event) }
        return interruption
    }

    @Test(
        "ends the command at once as long as the stack is not touched, and when the deployment is over",
        arguments: [
            [], [.stepStarted(.validate), .progress(container: "web", text: "1 MiB")],
            [.stepStarted(.validate), .stepStarted(.tearDown), Self.end],
        ])
    func untouched(events: [DeploymentEvent]) {
        let interruption = interruption(after: events)
        #expect(interruption.answer() == .end)
        #expect(!interruption.leavesWork)
    }

    @Test(
        "lets a deployment that has begun to change the stack finish; the second one breaks it off",
        arguments: [DeploymentStep.tearDown, .create, .finalise, .rollBack])
    func touched(step: DeploymentStep) {
        let interruption = interruption(after: [
            .stepStarted(.validate), .stepStarted(step), .stepEnded(step, .seconds(1), error: nil),
        ])
        #expect(interruption.answer() == .finishFirst)
        #expect(interruption.answer() == .end)
        #expect(interruption.leavesWork)
    }

    @Test("what happens is passed on to the display")
    func passesOn() {
        let listener = Listener()
        let interruption = Interruption(passingOnTo: listener)
        interruption.deployment(.stepStarted(.create))
        interruption.deployment(Self.end)
        #expect(listener.count.withLock { $0 } == 2)
    }
}
