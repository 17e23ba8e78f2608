internal import Logging
internal import Reconciling
internal import ServiceLifecycle
internal import UnixSignals

/// SIGHUP (`systemctl reload fairlead`) means: poll now, and look at everything.
struct HangupService: Service {
    let wake: Wake
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            logger.info("asked to poll now")
            wake.now()
        }
    }
}
