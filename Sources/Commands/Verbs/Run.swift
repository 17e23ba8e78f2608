internal import ArgumentParser
internal import Backup
internal import Drill
internal import Files
internal import HostSystem
internal import Logging
internal import Reconciling
internal import ServiceLifecycle
internal import UnixSignals

struct Run: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow the branch: poll, and deploy what changes. The daemon.",
        discussion: """
            SIGHUP polls at once. SIGTERM and SIGINT let a running deployment finish for a minute, then interrupt it; \
            the next start finishes it. Tells systemd when it is ready, what it does, and that it lives.

            Example: fairlead run --set interval=30s
            """)

    @Flag(help: "Log more.")
    var verbose = false

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let logger = context.daemonLogger(verbose: verbose)
        try await HostComposition.with(configuration, in: context, logger: logger) { host in
            let gate = host.gate("fairlead run")
            let journal = try await host.openJournal(gate)
            let only = try await HostLock.ofDaemon(
                stateDirectory: configuration.stateDirectory, command: "fairlead run", now: context.clock.now())
            try await PauseMarker(configuration).follow(journal)
            let reconciler = try host.reconciler(journal, gate: gate, observer: LoggedProgress(logger: logger))
            let wake = Wake()
            let service = ReconcileService(
                reconciler: reconciler, configuration: configuration, wake: wake, clock: context.clock, logger: logger)
            let events = EventService(engine: host.engine, wake: wake, logger: logger)
            let runner = host.backupRunner(journal, gate: host.gate("fairlead run (backup)")) {
                logger.info("\($0)")
            }
            let work = DueWork(offset: context.clock.offset, logger: logger)
            let backups = BackupService(runner: runner, work: work)
            let drills = DrillService(
                runner: host.drillRunner(journal, gate: runner.gate) { logger.info("drill: \($0)") }, work: work)
            do {
                try await group(service, events, backups, drills, logger).run()
                _ = consume only
            } catch {
                // Explicit, so that it is held until the very end.
                _ = consume only
                throw error
            }
        }
        return .success
    }

    private func group(
        _ service: ReconcileService, _ events: EventService, _ backups: BackupService, _ drills: DrillService,
        _ logger: Logger
    ) -> ServiceGroup {
        // Shutdown is in reverse order: the watchdog is fed until the last cycle has ended.
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: WatchdogService(logger: logger)),
                .init(service: HangupService(wake: service.wake, logger: logger)),
                .init(service: events),
                .init(service: backups),
                .init(service: drills),
                .init(service: service, successTerminationBehavior: .gracefullyShutdownGroup),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        configuration.maximumCancellationDuration = .seconds(20)
        return ServiceGroup(configuration: configuration)
    }
}

extension CommandContext {
    /// For standard error; in journald's form where systemd reads it.
    fileprivate func daemonLogger(verbose: Bool) -> Logger {
        let handler = LineLogHandler(
            level: verbose ? .debug : .info, form: environment["JOURNAL_STREAM"] == nil ? .dated : .journald,
            clock: clock, write: console.writeChatter)
        return Logger(label: "fairlead") { _ in handler }
    }
}
