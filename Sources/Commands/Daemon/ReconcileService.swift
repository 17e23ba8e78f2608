internal import HostSystem
internal import Logging
internal import Model
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
        let log = CycleLog(logger: logger, clock: clock)
        let loop = ReconcileLoop(
            reconciler: reconciler, interval: configuration.interval.duration, jitter: configuration.jitter.duration,
            wake: wake, report: log.tell, rests: announce)
        logger.notice(
            "fairlead runs",
            metadata: [
                "host": "\(configuration.host)", "branch": "\(configuration.repository.branch)",
                "interval": "\(configuration.interval)", "version": "\(Version.current)",
            ])
        // The first cycle may pull for an hour: it is there all the same.
        announce(.zero)
        ServiceManager.tell("READY=1\nSTATUS=polling", logger)
        await withGracefulShutdownHandler {
            await loop.run()
        } onGracefulShutdown: {
            ServiceManager.tell("STOPPING=1\nSTATUS=stopping", logger)
            wake.stop()
        }
        tell { try PollSchedule.remove(runtimeDirectory: configuration.runtimeDirectory) }
        logger.notice("fairlead ends")
    }

    /// For `fairlead status`.
    private func announce(_ pause: Duration) {
        let next = Timestamp(milliseconds: clock.now().milliseconds + pause.wholeMilliseconds)
        tell { try PollSchedule(next: next).write(runtimeDirectory: configuration.runtimeDirectory) }
    }

    /// Nothing depends on it but what people see.
    private func tell(_ schedule: () throws -> Void) {
        do {
            try schedule()
        } catch {
            logger.warning("the time of the next poll cannot be told", metadata: ["error": "\(error)"])
        }
    }
}
