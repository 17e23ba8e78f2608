internal import Model
internal import Synchronization

/// Takes the times of a drill.
final class DrillLog: DeploymentObserver {
    private struct State {
        var fetch = Duration.zero
        var creation: ContinuousClock.Instant?
        var started: [String: ContinuousClock.Instant] = [:]
        var healthy: [String: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())
    private let note: @Sendable (String) -> Void

    init(note: @escaping @Sendable (String) -> Void) { self.note = note }

    func deployment(_ event: DeploymentEvent) {
        let now = ContinuousClock.now
        state.withLock { state in
            switch event {
            case .stepEnded(.validate, let duration, _): state.fetch = duration
            case .stepStarted(.create): state.creation = now
            case .container(let name, .started): state.started[name] = now
            case .container(let name, .healthy): state.healthy[name] = now
            default: break
            }
        }
        switch event {
        case .note(let text): note(text)
        case .container(let name, let phase) where [.started, .healthy, .failed].contains(phase):
            note("\(name): \(phase.rawValue)")
        default: break
        }
    }

    func outcome(of result: DeploymentResult, containers: [String]) -> DrillOutcome {
        let state = state.withLock { $0 }
        let since = { (last: ContinuousClock.Instant?) in
            state.creation.flatMap { creation in last.map { $0 - creation } }
        }
        return DrillOutcome(
            error: result.outcome.standing.isDeployed ? nil : result.error ?? Self.noReason,
            passedOver: result.passedOver,
            fetch: state.fetch, start: since(state.started.values.max()), healthy: since(state.healthy.values.max()),
            containers: containers.map { name in
                DrillOutcome.Container(
                    name: name,
                    healthy: state.healthy[name].flatMap { end in state.started[name].map { end - $0 } })
            })
    }

    private static let noReason = DeploymentError("the drill did not come to its end", disposition: .transient)
}
