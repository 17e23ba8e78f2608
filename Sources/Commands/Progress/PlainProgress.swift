public import Deploying
internal import Model
internal import Synchronization

/// Progress for pipes and log files: a line per event, pulls at most every five seconds.
public final class PlainProgress: DeploymentObserver {
    private let console: Console
    private let wording: ProgressWording
    private let clock: HostClock
    private let lastProgress = Mutex<[String: Timestamp]>([:])

    public init(console: Console, clock: HostClock) {
        self.console = console
        self.clock = clock
        wording = ProgressWording(style: TextStyle(coloured: false, clock: clock))
    }

    public func deployment(_ event: DeploymentEvent) {
        for line in lines(event) { console.note(line) }
    }

    private func lines(_ event: DeploymentEvent) -> [String] {
        switch event {
        case .began(let deployment, let commit, let trigger, let changes):
            wording.began(deployment, commit, trigger, changes)
        case .stepStarted(let step): ["- \(wording.title(of: step))"]
        case .stepEnded(let step, let duration, let error): wording.stepEnded(step, duration, error: error)
        case .container(let container, let phase): ["  \(container): \(phase.rawValue)"]
        case .progress(let container, let text): isDue(container) ? ["  \(container): \(text.printable)"] : []
        case .note(let text): ["  \(text.printable)"]
        case .ended(let deployment, let outcome, let downtime, let atMost):
            [wording.ended(deployment, outcome, downtime: downtime, atMost: atMost)]
        }
    }

    private func isDue(_ container: String) -> Bool {
        let now = clock.now()
        return lastProgress.withLock { last in
            if let previous = last[container], now.since(previous) < .seconds(5) { return false }
            last[container] = now
            return true
        }
    }
}
