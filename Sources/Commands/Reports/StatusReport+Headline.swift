internal import HostSystem
internal import Model

extension StatusReport {
    /// What the first line says of the stack. Its word says what its colour says, which nobody sees in a pipe.
    struct Standing: Hashable {
        enum Tone: Hashable { case good, warning, bad }

        let tone: Tone
        let word: String

        func painted(_ style: TextStyle) -> String {
            switch tone {
            case .good: style.good(word)
            case .warning: style.warning(word)
            case .bad: style.bad(word)
            }
        }
    }

    func headline(_ style: TextStyle) -> String {
        let stack = deployed.map { "\($0.stack) \($0.version) " } ?? outage?.stack.map { "\($0) " } ?? ""
        return style.strong("\(host): \(stack)".printable) + standing(style).painted(style) + style.bad(tipClause)
            + style.warning(suspended?.kind.clause ?? "")
    }

    /// The only place that chooses a word and its colour. `style` tells how times are written.
    func standing(_ style: TextStyle) -> Standing {
        switch state {
        case .deploying:
            guard running?.cutOff == true else { return Standing(tone: .warning, word: "deploying") }
            return Standing(tone: .bad, word: "a deployment was cut off")
        case .containerless:
            guard let outage else { return Standing(tone: .warning, word: "containerless") }
            return Standing(tone: .bad, word: "DOWN since \(style.time(outage.since.moment))")
        case .deployed:
            if isDown { return Standing(tone: .bad, word: "DOWN: no container runs") }
            guard isWhole || isMeantToMove else { return Standing(tone: .bad, word: "deployed, but not whole") }
            let verdict = HostVerdict(of: self, time: style.time)
            guard verdict.word != .whole else { return Standing(tone: .good, word: "deployed") }
            let reason = verdict.reasons.first { !isSaidBehind($0) }.map { ", but \(LogTail.split($0).reason)" } ?? ""
            return Standing(tone: .warning, word: "deployed\(reason)".printable)
        }
    }

    /// By the clauses of the headline.
    private func isSaidBehind(_ reason: String) -> Bool {
        if reason == suspended?.fault { return true }
        guard let tip, !tipClause.isEmpty else { return false }
        return reason.hasPrefix("commit \(tip.commit.short) ")
    }

    /// What runs is not all: the branch asks for something that this host does not take.
    private var tipClause: String {
        guard let tip, tip.commit.id != outage?.commit?.id else { return "" }
        switch tip.verdict {
        case .refused:
            let goesOn = failures.contains { $0.commit == tip.commit.id && $0.nextAttempt != nil }
            return "; the tip \(tip.commit.short) " + (goesOn ? "is refused, and tried again" : "is refused")
        case .rolledBack: return "; the tip \(tip.commit.short) was rolled back"
        case .pending, .deployed, .nothingToDeploy, .superseded, .moved: return ""
        }
    }

    /// Not while an operator has stopped the stack, or it is stopped for its last backup here.
    private var isDown: Bool {
        guard let containers, !containers.isEmpty, !isMeantToMove else { return false }
        return containers.allSatisfy { $0.state != ContainerStatus.State.running.rawValue }
    }

    /// As the verdict has it: every container runs, none fails, nothing drifted. Unknown counts as whole, since the
    /// engine's error is shown.
    private var isWhole: Bool {
        (drift ?? []).isEmpty
            && (containers ?? []).allSatisfy {
                $0.state == ContainerStatus.State.running.rawValue && $0.health?.state != .failing
            }
    }
}

extension Suspension.Kind {
    /// Follows the state of the stack.
    fileprivate var clause: String {
        switch self {
        case .suspended: ", suspended"
        case .maintenance: ", in maintenance"
        case .foreign: ", held back"
        case .moved: ", moved to another host"
        }
    }
}
