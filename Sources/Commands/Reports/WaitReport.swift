internal import Model

/// What came of the commit that the host follows.
struct WaitReport: Report, Hashable {
    enum Outcome: String, Codable, Sendable, CaseIterable {
        case deployed, refused
        case rolledBack = "rolled back"
        /// By an operator, or since the data are another machine's.
        case held = "held back"
        /// Nothing came of it yet.
        case waiting
        /// Nothing will come of it.
        case failed
    }

    var host: String
    var outcome: Outcome
    var commit: CommitSummary?
    /// In one line.
    var reason: String
    var hint: String?

    func lines(_ style: TextStyle) -> [String] {
        let word = outcome == .deployed ? "" : "\(outcome.rawValue): "
        return ["\(host): \(word)\(reason)".printable]
    }

    var status: ExitStatus {
        switch outcome {
        case .deployed: .success
        case .refused: .refused
        case .rolledBack: .rolledBack
        case .held: .held
        case .waiting: .waiting
        case .failed: .failure
        }
    }
}

extension WaitReport {
    /// By how `report` stands. What the daemon found before `since` does not count.
    init(of report: StatusReport, since: Timestamp) {
        self.init(host: report.host, outcome: .waiting, commit: report.tip?.commit, reason: report.delay(since))
        if let suspended = report.suspended {
            let suspension = Suspension(
                reason: suspended.reason, since: suspended.since.moment, kind: suspended.kind)
            (outcome, reason, hint) = (.held, suspended.fault, suspension.ending)
        } else if report.isSettled(since: since), let tip = report.tip {
            judge(tip, of: report)
        }
    }

    private mutating func judge(_ tip: StatusReport.Tip, of report: StatusReport) {
        // Of the commit itself, not of a repair of what it deployed.
        let retry = report.failures.first { $0.commit == tip.commit.id && $0.work == nil }?.nextAttempt
        let note = tip.note?.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
        switch tip.verdict {
        case .refused, .rolledBack:
            outcome = tip.verdict == .refused ? .refused : .rolledBack
            reason = "commit \(tip.commit.short)\(note)"
            hint =
                retry.map { "it is tried again at \(CivilTime($0.moment).utc)" }
                ?? "'fairlead history' says more; mend it in the customer repo and push: this host deploys it by itself"
        case .deployed, .nothingToDeploy:
            guard report.state == .deployed, let deployed = report.deployed else { return }
            outcome = .deployed
            reason = "\(deployed.stack) \(deployed.version) is deployed: \(tip.commit.short)  \(tip.commit.words)"
        case .pending, .superseded, .moved: break
        }
    }
}

extension StatusReport {
    /// Whether the daemon asked the repo since then, and is done with what it found. While a cycle goes on, the verdict may
    /// be that of an older commit, or of the attempt before.
    fileprivate func isSettled(since: Timestamp) -> Bool {
        guard let poll, let reached = poll.reached, reached.moment >= since else { return false }
        return fetch == nil && state != .deploying && (poll.next.map { $0.moment > reached.moment } ?? true)
    }

    /// What the wait is for.
    fileprivate func delay(_ since: Timestamp) -> String {
        if let running {
            let step = running.step.map { ", step '\($0.rawValue)'" } ?? ""
            return "deployment #\(running.deployment) \(running.cutOff ? "was cut off" : "runs\(step)")"
        }
        if let fetch { return "fetching the repo: \(fetch.text)" }
        if hasNoDaemon { return "no daemon follows the branch" }
        if let error = poll?.error, poll?.failingSince != nil || poll?.staleSince != nil { return error }
        guard let tip, let reached = poll?.reached, reached.moment >= since else {
            return "the daemon has not asked the repo yet"
        }
        return "commit \(tip.commit.short) is \(tip.verdict.rawValue)"
    }

    /// Nor anybody else who deploys.
    var hasNoDaemon: Bool { poll?.next == nil && lock == nil }
}
