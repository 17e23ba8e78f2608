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
        let log = CycleLog(logger: logger, clock: clock)
        let loop = ReconcileLoop(
            reconciler: reconciler, interval: configuration.interval.duration, jitter: configuration.jitter.duration,
            wake: wake, report: log.tell)
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
}
