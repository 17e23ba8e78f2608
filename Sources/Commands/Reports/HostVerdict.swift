internal import HostSystem
internal import Model

/// How a host stands, in one word, and why.
struct HostVerdict: Codable, Hashable, Sendable {
    enum Word: String, Codable, Sendable, CaseIterable {
        /// All that was deployed runs, is looked after, and is what the branch asks for as far as is known.
        case whole
        /// Nothing is known to be wrong, but not all could be looked at.
        case unknown
        /// Nothing is wrong; something goes on, or waits for its time or an operator.
        case waiting
        case notWhole = "not whole"
    }

    let word: Word
    /// A line each; none when it is whole.
    let reasons: [String]

    init(_ word: Word, _ reasons: [String]) {
        self.word = word
        self.reasons = reasons
    }

    /// The worst that there is: what is wrong before what is not known before what waits. `time` writes times, which
    /// monitoring reads in UTC.
    init(of report: StatusReport, time: (Timestamp) -> String = { CivilTime($0).utc }) {
        let found: [(Word, [String])] = [
            (.notWhole, report.faults), (.unknown, report.doubts(time)), (.waiting, report.waits),
        ]
        let worst = found.first { !$0.1.isEmpty }
        self.init(worst?.0 ?? .whole, found.flatMap(\.1))
    }

    /// For `status --exit-code`.
    var status: ExitStatus {
        switch word {
        case .whole: .success
        case .unknown: .unknown
        case .waiting: .waiting
        case .notWhole: .notWhole
        }
    }

    var line: String { (word.rawValue + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))")).printable }
}

extension StatusReport {
    /// What is wrong.
    fileprivate var faults: [String] {
        var faults: [String] = []
        if let running, running.cutOff { faults.append("deployment #\(running.deployment) was cut off") }
        if let stateError { faults.append(stateError) }
        if let suspended, suspended.kind.standing.isFault { faults.append(suspended.fault) }
        if let failure = suspended?.failure { faults.append("the end of maintenance failed: \(failure)") }
        if let outage, suspended?.kind.standing.isElsewhere != true {
            // Nobody stopped it on purpose, whatever goes on now.
            faults.append(outage.fault)
        } else if state == .containerless, suspended == nil {
            faults.append("nothing is deployed")
        }
        faults += failures.filter { $0.nextAttempt == nil && $0.takenBack != true && !isReplaced($0) }
            .map { "\($0.subject) failed" }
        if !isMeantToMove { faults += containerFaults + (drift ?? []).map { "\($0.subject): \($0.text)" } }
        faults += incidents.map { "incident \($0.kind.rawValue) of \($0.subject) is open" }
        return faults + jobFaults + backupFaults
    }

    /// While a deployment or an operator works on the stack it is not as it was deployed.
    var isMeantToMove: Bool {
        if let running, !running.cutOff { return true }
        guard let suspended else { return false }
        return suspended.kind.standing.isElsewhere || suspended.kind == .maintenance && suspended.failure == nil
    }

    /// Whether it is of a commit after which the branch asks for one that fails for a reason of its own.
    private func isReplaced(_ failure: Failure) -> Bool {
        guard failure.work == nil, let tip = tip?.commit.id, failure.commit != tip else { return false }
        return failures.contains { $0.work == nil && $0.commit == tip }
    }

    private var containerFaults: [String] {
        (containers ?? []).compactMap { container in
            guard container.state == ContainerStatus.State.running.rawValue else {
                return "container \(container.name) is \(container.state)"
            }
            guard container.health?.state == .failing else { return nil }
            return "container \(container.name) fails" + (container.health?.reason.map { ": \($0)" } ?? "")
        }
    }

    private var jobFaults: [String] {
        (jobs ?? []).filter { [.failed, .overdue].contains($0.state) }.map { "job \($0.name) \($0.state.rawValue)" }
    }

    private var backupFaults: [String] {
        guard let backup else { return [] }
        let targets = backup.targets + backup.releases + [backup.drill].compactMap(\.self)
        return (backup.error == nil ? [] : ["no backup could be made"])
            + (backup.incomplete ?? [:]).keys.sorted().map { "backup: '\($0)' is not complete" }
            + (backup.shrunk ?? [:]).keys.sorted().map { "backup: '\($0)' is much smaller" }
            + targets.filter(\.failed).map { "backup: \($0.name) failed" }
    }

    /// What cannot be told.
    fileprivate func doubts(_ time: (Timestamp) -> String) -> [String] {
        var doubts = engineError.map { [$0] } ?? []
        if let since = poll?.failingSince {
            doubts.append("repository unreachable since \(time(since.moment))")
        } else if let since = poll?.staleSince {
            // It answers, and what it has cannot be brought here or followed.
            doubts.append("nothing newer comes from the repository since \(time(since.moment))")
        }
        if let freshness, !freshness.current { doubts.append("what is seen of the branch is too old") }
        if poll?.reached == nil, poll?.failingSince == nil { doubts.append("the repository was never reached") }
        if poll?.next == nil, suspended == nil { doubts.append("no daemon follows the branch") }
        return doubts
    }

    /// What is on its way.
    fileprivate var waits: [String] {
        var waits: [String] = []
        if let running, !running.cutOff { waits.append("deployment #\(running.deployment) runs") }
        if let suspended, !suspended.kind.standing.isFault { waits.append(suspended.fault) }
        if let tip, tip.verdict == .pending { waits.append("commit \(tip.commit.short) is pending") }
        waits += failures.filter { $0.takenBack == true }
            .map { "\($0.subject) was rolled back by an operator" }
        waits += failures.filter { $0.nextAttempt != nil }.map { "\($0.subject) is tried again" }
        if !isMeantToMove {
            waits += (containers ?? []).filter { [.starting, .consequence].contains($0.health?.state) }
                .map { "container \($0.name) is not ready" }
        }
        if unsentMail?.error != nil { waits.append("mail is not sent") }
        return waits
    }
}

extension StatusReport.Suspended {
    /// Among the reasons of a verdict.
    var fault: String { "\(kind.standing.isFault ? "held back" : kind.rawValue): \(reason)" }
}

extension StatusReport.Failure {
    /// What failed, in words.
    var subject: String { work ?? "commit \(commit.prefix(10))" }
}
