internal import Deploying
internal import Model

/// What a live display shows: lines that stay, and a few below them that change.
struct ProgressBoard {
    private struct Running {
        var step: DeploymentStep
        var since: Timestamp
        var containers: [String] = []
        var texts: [String: String] = [:]

        mutating func set(_ text: String, of container: String) {
            if texts.updateValue(text, forKey: container) == nil { containers.append(container) }
        }
    }

    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    let wording: ProgressWording
    private var running: Running?

    init(style: TextStyle) { wording = ProgressWording(style: style) }

    /// Takes in `event`; returns the lines that stay.
    mutating func apply(_ event: DeploymentEvent, at now: Timestamp) -> [String] {
        switch event {
        case .began(let deployment, let commit, let trigger, let changes):
            return wording.began(deployment, commit, trigger, changes)
        case .stepStarted(let step): running = Running(step: step, since: now)
        case .stepEnded(let step, let duration, let error):
            running = nil
            return wording.stepEnded(step, duration, error: error)
        case .container(let container, let phase): running?.set(phase.rawValue, of: container)
        case .progress(let container, let text): running?.set(text.printable, of: container)
        case .note(let text): return ["  \(text.printable)"]
        case .ended(let deployment, let outcome, let downtime, let atMost):
            running = nil
            return [wording.ended(deployment, outcome, downtime: downtime, atMost: atMost)]
        }
        return []
    }

    /// The lines that change: the running step with its time, and its containers; cut to `columns` and `rows`.
    func live(at now: Timestamp, columns: Int, rows: Int = 20) -> [String] {
        guard let running else { return [] }
        let elapsed = now.since(running.since).wholeMilliseconds
        let frame = Self.spinner[Int(max(0, elapsed) / 100) % Self.spinner.count]
        let width = running.containers.map(\.count).max() ?? 0
        let shown = running.containers.suffix(rows - 1).map { container in
            let padding = String(repeating: " ", count: width - container.count)
            return "  \(container)\(padding)  \(running.texts[container] ?? "")"
        }
        let time = SpokenDuration.text(milliseconds: elapsed / 1000 * 1000)
        let head = "\(frame) \(wording.title(of: running.step))" + (elapsed < 1000 ? "" : "  \(time)")
        return ([head] + shown).map { String($0.prefix(max(10, columns - 1))) }
    }
}
