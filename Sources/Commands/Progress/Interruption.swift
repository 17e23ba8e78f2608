internal import Deploying
internal import Model
internal import Synchronization

/// What Ctrl-C means while a command runs: before the stack is touched it ends the command; after that the first one
/// lets the deployment finish, since a stack that is half taken down serves nobody, and the second one breaks it off.
final class Interruption: DeploymentObserver {
    enum Answer: Equatable {
        case end
        case finishFirst
    }

    private struct State {
        var isTouching = false
        var asked = false
    }

    private let next: any DeploymentObserver
    private let state = Mutex(State())

    init(passingOnTo next: any DeploymentObserver) { self.next = next }

    func deployment(_ event: DeploymentEvent) {
        switch event {
        case .stepStarted(let step): state.withLock { $0.isTouching = step != .validate }
        case .ended: state.withLock { $0.isTouching = false }
        case .began, .stepEnded, .container, .progress, .note: break
        }
        next.deployment(event)
    }

    /// To one more signal.
    func answer() -> Answer {
        state.withLock { state in
            defer { state.asked = true }
            return state.isTouching && !state.asked ? .finishFirst : .end
        }
    }

    /// Whether a deployment that was broken off left something to finish.
    var leavesWork: Bool { state.withLock { $0.isTouching } }
}
