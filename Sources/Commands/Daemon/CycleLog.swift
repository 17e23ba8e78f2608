internal import Logging
internal import Model
internal import Reconciling
internal import Synchronization

/// Tells the log and systemd what each cycle came to; what has been said before is not said again.
final class CycleLog: Sendable {
    private let logger: Logger
    private let clock: HostClock
    private let lastFailure = Mutex<String?>(nil)

    init(logger: Logger, clock: HostClock) {
        self.logger = logger
        self.clock = clock
    }

    func tell(_ result: Result<CycleReport, any Error>) {
        switch result {
        case .success(let report):
            if change(to: nil) != nil { logger.notice("the cycle works again") }
            tell(report)
        case .failure(let error):
            let text = "\(error)"
            // A server that is down for a day would else fill the log with one line a minute.
            let level: Logger.Level = change(to: text) == text ? .debug : .error
            logger.log(level: level, "the cycle failed", metadata: ["error": "\(text)"])
            ServiceManager.tell("STATUS=\("failed: \(text)".printable)", logger)
        }
    }

    private func tell(_ report: CycleReport) {
        for note in report.notes { logger.warning("note", metadata: ["note": "\(note)"]) }
        let headline = report.headline(TextStyle(clock: clock))
        logger.log(level: report.level, "cycle", metadata: ["result": "\(headline)"])
        if report.level != .debug {
            for line in report.errorLines {
                logger.error(report.isDeployment ? "what to do" : "refused", metadata: ["error": "\(line)"])
            }
        }
        ServiceManager.tell("STATUS=\(headline)", logger)
    }

    /// Returns what was said before.
    private func change(to failure: String?) -> String? {
        lastFailure.withLock { last in
            defer { last = failure }
            return last
        }
    }
}

extension CycleReport {
    /// Nothing new is not worth a line a minute.
    fileprivate var level: Logger.Level {
        switch outcome {
        case .unchanged, .remembered, .suspended, .waiting: .debug
        case .nothingToDeploy, .refused, .deployment: .notice
        }
    }
}
