internal import HostSystem
internal import Model

extension StatusReport {
    func lines(_ style: TextStyle) -> [String] {
        var table = TextTable(indentation: 2, columns: style.columns)
        func add(_ name: String, _ value: String?) {
            if let value { table.add(.init(name, style.faint), .init(value)) }
        }
        for (name, cell) in outage?.rows(style) ?? [] { table.add(.init(name, style.faint), cell) }
        add("commit", deployed.map { "\($0.commit.short)  \($0.commit.words)".printable })
        add("deployment", deployed.map { "#\($0.deployment)" + ($0.since.map { ", " + style.time($0.moment) } ?? "") })
        add(running?.cutOff == true ? "cut off" : "running", running.map { $0.words(style, suspended) })
        add("lock", lock.map { $0.words(style) })
        add("tip", tip.map { $0.words(style) })
        add("repository", poll.map { $0.words(style, next: nextPoll(style)) })
        add("freshness", freshness.map { $0.words(style) })
        add("signers", signers.map { $0.words(style) })
        add("fetching", fetch.map { "\($0.text), since \(style.time($0.since.moment))" })
        if poll?.next == nil { add("daemon", Self.noDaemon(style)) }
        var told = [outage?.reason].compactMap(\.self)
        for failure in failures {
            add(failure.takenBack == true ? "rolled back" : "failed", failure.words(style, told: &told))
        }
        for incident in incidents {
            add("incident", incident.words(style, told: told) + (isGone(incident) ? Self.nothingFound : ""))
        }
        add("mail", unsentMail.map { $0.words(style) })
        add(suspended?.kind.rawValue ?? "", suspended.map { $0.words(style) })
        add("journal", journalNote)
        add(
            "state",
            stateError.map { style.bad("\($0); make room, or mend its disk ('df -i', 'mount', 'dmesg')".printable) })
        return [headline(style)] + table.lines + containerLines(style) + driftLines(style) + jobLines(style)
            + backupLines(style)
    }

    private static let nothingFound = "; nothing of it is found now, the daemon ends it with its next look"

    /// Whether it is of what runs, and this look at the stack finds nothing of it any more.
    func isGone(_ incident: Incident) -> Bool {
        guard incident.kind == .drift, poll?.next != nil, suspended == nil, let drift, let containers else {
            return false
        }
        let subjects = Set(drift.map(\.subject))
        guard let own = containers.first(where: { $0.name == incident.subject }) else { return subjects.isEmpty }
        // It runs, and has not passed its health check since its repair failed.
        return !subjects.contains(own.name) && !isOut(own) && !failures.contains { $0.container == own.name }
    }

    /// The daemon says when it polls next at the end of each cycle.
    private func nextPoll(_ style: TextStyle) -> String? {
        guard let next = poll?.next?.moment else { return nil }
        guard style.isDue(next) else { return "next poll \(style.time(next))" }
        guard let running, !running.cutOff else { return "polled since \(style.time(next))" }
        return "next poll after deployment #\(running.deployment)"
    }

    private static func noDaemon(_ style: TextStyle) -> String {
        style.warning("does not run: nothing follows the branch or repairs what stops; 'systemctl start fairlead'")
    }

    private func driftLines(_ style: TextStyle) -> [String] {
        guard let drift, !drift.isEmpty else { return [] }
        var table = TextTable(indentation: 4)
        for finding in drift {
            let since = finding.since.map { "since \(style.time($0.moment))" } ?? ""
            table.add(
                .init(finding.subject.printable), .init(finding.text.printable) { style.bad($0) },
                .init(since, style.faint))
        }
        return ["  drift: what runs is not what was deployed"] + table.lines
    }

    /// Whether it does not serve as it was deployed, whatever an earlier check says of it: a look at the host counts more.
    private func isOut(_ container: Container) -> Bool {
        container.state != ContainerStatus.State.running.rawValue
            || (drift ?? []).contains {
                $0.subject == container.name && $0.kind != .limits || [.network, .bridge].contains($0.kind)
            }
    }

    private func containerLines(_ style: TextStyle) -> [String] {
        if let engineError { return ["  " + style.bad(engineError.printable)] }
        var table = TextTable(indentation: 4)
        for container in containers ?? [] {
            let isOut = isOut(container)
            table.add(
                .init(container.name), .init(container.state) { isOut ? style.bad($0) : style.good($0) },
                .init(container.imageWords), .init(container.restartWords),
                .init(container.health.map { $0.words(style, isPast: isOut) } ?? "") {
                    isOut ? style.bad($0) : container.health?.paint($0, style) ?? $0
                })
        }
        return table.rows.isEmpty ? [] : ["  containers"] + table.lines
    }
}

extension StatusReport.Suspended {
    fileprivate func words(_ style: TextStyle) -> String {
        let since = "since \(style.time(since.moment)): \(reason)".printable
        switch kind {
        case .suspended, .moved: return since
        case .maintenance:
            let end = failure.map { "its end failed: \($0); 'fairlead maintenance end' tries it again".printable }
            return since + "; " + (end.map(style.bad) ?? "'fairlead maintenance end' ends it")
        case .foreign: return since + "; if that is intended, run 'fairlead adopt'"
        }
    }
}

extension StatusReport.Lock {
    fileprivate func words(_ style: TextStyle) -> String {
        "'\(command)', process \(process), since \(style.time(since.moment))".printable
    }
}

extension StatusReport.Health {
    /// With the time: it may be otherwise by now.
    fileprivate func words(_ style: TextStyle, isPast: Bool) -> String {
        guard state != .unchecked else { return "not checked" }
        let word = (isPast ? "was " : "") + (state == .consequence ? "waits for what it depends on" : state.rawValue)
        return "\(word) at \(style.past(checked.moment))" + (once == true ? ", not asked since" : "")
            + (reason.map { ": \($0)".printable } ?? "")
    }

    fileprivate func paint(_ text: String, _ style: TextStyle) -> String {
        switch state {
        // It may hang by now.
        case .healthy: once == true ? style.faint(text) : style.good(text)
        case .starting: style.warning(text)
        case .unchecked: style.faint(text)
        case .failing, .consequence: style.bad(text)
        }
    }
}

extension StatusReport.Container {
    fileprivate var imageWords: String { (image ?? "") + (signer.map { ", signed by \($0)" } ?? "") }
    fileprivate var restartWords: String { (restarts ?? 0) == 0 ? "" : (restarts ?? 0).counted("restart") }
}

extension StatusReport.Running {
    fileprivate func words(_ style: TextStyle, _ suspended: StatusReport.Suspended?) -> String {
        "#\(deployment)" + (step.map { ", step '\($0.rawValue)'" } ?? "") + ", since \(style.time(started.moment))"
            + (cutOff ? "; \(suspended?.kind.way ?? "the daemon or 'fairlead reconcile'") finishes it" : "")
    }
}

extension Suspension.Kind {
    /// What goes on with the host, as it is typed.
    var way: String {
        switch self {
        case .maintenance: "'fairlead maintenance end'"
        case .foreign: "'fairlead adopt'"
        case .suspended, .moved: "'fairlead resume'"
        }
    }
}

extension StatusReport.Tip {
    fileprivate func words(_ style: TextStyle) -> String {
        let waits = verdict == .pending ? note.map { ": \($0)" } ?? "" : ""
        return "\(commit.short)  \(commit.words), seen \(style.time(seen.moment)): \(verdict.rawValue)\(waits)"
            .printable
    }
}

extension StatusReport.Poll {
    fileprivate func words(_ style: TextStyle, next: String?) -> String {
        var parts = [
            servedBy,
            reached.map {
                style.isAhead($0.moment) ? "reached \(style.past($0.moment))" : "last reached \(style.time($0.moment))"
            },
            next,
        ].compactMap(\.self)
        if let failingSince {
            parts.append(style.bad("unreachable since \(style.past(failingSince.moment)): \(error ?? "")".printable))
        } else if let staleSince {
            let reason = error.map { ": \($0)" } ?? ""
            parts.append(style.bad("nothing newer comes since \(style.past(staleSince.moment))\(reason)".printable))
        } else if let error {
            parts.append(style.warning(error.printable))
        }
        return parts.joined(separator: ", ")
    }
}

extension StatusReport.Freshness {
    fileprivate func words(_ style: TextStyle) -> String {
        let signer = signer.map { " of \($0)" } ?? ""
        let time = signed.flatMap { signed in seen.map { style.time(min(signed.moment, $0.moment)) } } ?? ""
        let proof =
            form.map { "\($0.rawValue) \(commit?.prefix(10) ?? "")\(signer), \(time)" } ?? "nothing signed shows it"
        let text = (proof + (fault.map { "; not counted: \($0)" } ?? "")).printable
        return current ? text : style.bad("too old: \(text)")
    }
}

extension StatusReport.Incident {
    /// `told`: reasons that stand above.
    fileprivate func words(_ style: TextStyle, told: [String]) -> String {
        let isTold = told.contains { $0.hasPrefix(reason) }
        let why = isTold ? "" : ": \(reason)".printable
        return style.bad("\(subject) \(kind.rawValue)".printable) + " since \(style.time(since.moment))" + why
    }
}

extension StatusReport.Mail {
    fileprivate func words(_ style: TextStyle) -> String {
        let reason = error.map { ": \($0)" } ?? ""
        return style.warning(
            "\(waiting.counted("mail")) not sent, the oldest of \(style.time(oldest.moment))\(reason)".printable)
    }
}

extension StatusReport.Failure {
    /// `told`: reasons that stand above; gets its own.
    fileprivate func words(_ style: TextStyle, told: inout [String]) -> String {
        // Followed by the advice, which the reason that stands above is not.
        let reason = LogTail.split(message).reason
        let isNews = !told.contains { reason.hasPrefix($0) }
        told.append(reason)
        // A refused plan has one line for each problem.
        let problems = isNews ? (work == nil ? " " : ": ") + reason.replacing("\n", with: "; ") : ""
        let text = "\(work ?? String(commit.prefix(10)))\(problems)".printable
        guard takenBack != true else { return style.warning(text) }
        let attempts = attempts == 1 ? "tried once" : "tried \(attempts) times"
        let next =
            nextAttempt.map { style.isDue($0.moment) ? "the next try is due" : "next try \(style.time($0.moment))" }
            ?? "not tried again; 'fairlead retry' lifts it"
        return style.bad(text) + " (\(attempts), \(next))"
    }
}
