internal import HostSystem
internal import Logging
internal import ServiceLifecycle

/// systemd, where it started us.
enum ServiceManager {
    static func tell(_ state: String, _ logger: Logger) {
        do {
            try ServiceNotification.send(state)
        } catch {
            logger.debug("the service manager does not listen", metadata: ["error": "\(error)"])
        }
    }
}

/// Keeps systemd's watchdog quiet as long as this process still gets work done.
struct WatchdogService: Service {
    let logger: Logger

    func run() async throws {
        guard let interval = ServiceNotification.watchdogInterval() else { return try await gracefulShutdown() }
        // The cancelled sleep is the end that was asked for: as an error it would fail the whole stop.
        try? await cancelWhenGracefulShutdown {
            while true {
                ServiceManager.tell("WATCHDOG=1", logger)
                try await Task.sleep(for: interval)
            }
        }
    }
}
