internal import Journal
internal import Model

/// Looks at the host's state until the daemon is done with the commit that it follows.
struct DeploymentWait {
    /// What the daemon found before does not count.
    let since: Timestamp
    let timeout: Duration
    let host: String
    var elapsed: @Sendable () -> Duration = {
        let began = ContinuousClock.now
        return { began.duration(to: .now) }
    }()
    var pause: @Sendable () async throws -> Void = { try await Task.sleep(for: .milliseconds(500)) }
    let look: @Sendable () async throws -> StatusReport

    init(
        since: Timestamp, timeout: Duration, host: String, look: @escaping @Sendable () async throws -> StatusReport
    ) {
        (self.since, self.timeout, self.host, self.look) = (since, timeout, host, look)
    }

    /// A service that is restarted, as by an update, is absent for so long.
    private static let patience = Duration.seconds(30)

    func end() async throws -> WaitReport {
        var seen = elapsed()
        while true {
            let (report, hasDaemon) = try await found()
            let now = elapsed()
            if hasDaemon { seen = now }
            if report.outcome != .waiting || now >= timeout { return report }
            if now - seen >= Self.patience { return report.unattended }
            try await pause()
        }
    }

    private func found() async throws -> (WaitReport, hasDaemon: Bool) {
        do {
            let report = try await look()
            return (WaitReport(of: report, since: since), !report.hasNoDaemon)
        } catch let error as JournalError {
            // The daemon makes it, or brings it to its own version, when it starts.
            let hint = error.hint.isEmpty ? nil : error.hint
            return (WaitReport(host: host, outcome: .waiting, reason: error.message, hint: hint), false)
        }
    }
}

extension WaitReport {
    fileprivate var unattended: Self {
        var report = self
        report.outcome = .failed
        report.hint = hint ?? "'systemctl start fairlead' starts it; 'journalctl --unit fairlead' says why it ended"
        return report
    }
}
