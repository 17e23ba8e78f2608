internal import Logging
internal import Planning
internal import Reconciling
internal import ServiceLifecycle

/// The loop as a service: on a graceful shutdown the running cycle is finished.
struct ReconcileService: Service {
    let reconciler: Reconciler
    let configuration: VSNConfiguration
    let wake: Wake
    let clock: HostClock
    let logger: Logger

    func run() async throws {
        let loop = ReconcileLoop(
            reconciler: reconciler, interval: configuration.interval.duration, jitter: configuration.jitter.duration,
            wake: wake, report: report)
        logger.notice(
            "fairlead runs",
            metadata: [
                "host": "\(configuration.host)", "branch": "\(configuration.repository.branch)",
                "interval": "\(configuration.interval)", "version": "\(Version.current)",
            ])
        ServiceManager.tell("READY=1\nSTATUS=polling", logger)
        await withGracefulShutdownHandler {
            await loop.run()
        } onGracefulShutdown: {
            ServiceManager.tell("STOPPING=1\nSTATUS=stopping", logger)
            wake.stop()
        }
        logger.notice("fairlead ends")
    }

    private func report(_ result: Result<CycleReport, any Error>) {
        switch result {
        case .success(let report): tell(report)
        case .failure(let error):
            logger.error("the cycle failed, the stack runs on", metadata: ["error": "\(error)"])
            ServiceManager.tell("STATUS=\("failed: \(error)".printable)", logger)
        }
    }

    private func tell(_ report: CycleReport) {
        for note in report.notes { logger.warning("note", metadata: ["note": "\(note)"]) }
        let headline = report.headline(TextStyle(clock: clock))
        switch report.outcome {
        // Nothing new: a line a minute would bury what matters.
        case .unchanged, .remembered, .suspended: logger.debug("cycle", metadata: ["result": "\(headline)"])
        case .nothingToDeploy, .refused, .deployment: logger.notice("cycle", metadata: ["result": "\(headline)"])
        }
        ServiceManager.tell("STATUS=\(headline)", logger)
    }
}
