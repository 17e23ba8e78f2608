internal import ArgumentParser
internal import Deploying
internal import Files
internal import Journal
internal import Model
internal import Synchronization

struct MaintenanceBegin: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin", abstract: "Stop the stack's containers in order, and keep them stopped.",
        discussion: """
            Waits for a running deployment to end first. Containers, network and data stay. Nothing is deployed until \
            'fairlead maintenance end', also over reboots. Can be repeated, such as after an interruption.

            Example: fairlead maintenance begin --reason "Debian 13"
            """)

    @Option(help: "Why; shown by 'fairlead status'.")
    var reason: String?

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard reason?.allSatisfy(\.isWhitespace) != true else { throw ValidationError("--reason must not be empty") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        return try await HostComposition.with(options.load(context), in: context, logger: display.logger) { host in
            let gate = host.gate("fairlead maintenance begin")
            let journal = try await host.openJournal(gate)
            return try await display.during {
                try await gate.withExclusion(for: "stop the stack") {
                    try await record(journal, host)
                    return try await stop(journal, host, display)
                }
            }
        }
    }

    /// Before anything stops: after a crash in between, nothing starts the rest of the stack again.
    private func record(_ journal: Journal, _ host: HostComposition) async throws {
        let running = try await journal.suspension().flatMap { $0.kind == .maintenance ? $0 : nil }
        let maintenance = Suspension(
            reason: reason ?? running?.reason ?? "maintenance", since: running?.since ?? host.context.clock.now(),
            kind: .maintenance)
        try await PauseMarker(host.configuration).change(journal) { try await $0.suspend(maintenance) }
    }

    private func stop(
        _ journal: Journal, _ host: HostComposition, _ display: ProgressDisplay
    ) async throws -> ExitStatus {
        let console = host.context.console
        let count = Mutex(0)
        do {
            let plan = try await journal.deployedState()?.desired.plan
            try await host.deployer(journal, observer: display.observer).stop(plan) { name in
                count.withLock { $0 += 1 }
                console.note("  \(name): stopped".printable)
            }
        } catch let error where !(error is CancellationError) {
            console.note("not everything is stopped; mend it and run 'fairlead maintenance begin' again")
            throw error
        }
        console.result(
            "in maintenance, \(count.withLock { $0 }.counted("container")) stopped; 'fairlead maintenance end' ends it")
        return .success
    }
}
