internal import ArgumentParser
internal import Backup
internal import HostSystem
internal import Journal
internal import Model

struct BackupAccept: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Say that data directories are meant to be empty, or as small as they are.",
        discussion: """
            What earlier runs of them held is no measure any more for the next one, which is made as ever. Nothing of the \
            data, and no run, is changed.

            Example: fairlead backup accept uploads
            """)

    @Argument(help: ArgumentHelp("Names of data directories.", valueName: "data"))
    var names: [String]

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        let report = try await HostComposition.with(
            options.load(context), in: context, logger: display.logger
        ) { host in
            let gate = host.gate("fairlead backup accept")
            let journal = try await host.openJournal(gate)
            guard let deployed = try await journal.deployedState() else { throw NothingDeployed() }
            let runner = host.backupRunner(journal, gate: gate) { context.console.note($0.printable) }
            return try await runner.withExclusion {
                try EarlierRuns(host: host.host).accept(names, of: deployed.desired.plan)
                for name in names {
                    try await OperatorLedger(journal).record(
                        OperatorAct(
                            kind: .accepted, text: "the next backup takes data directory '\(name)' as it is",
                            person: context.person, time: context.clock.now()))
                }
                return BackupAcceptReport(accepted: names)
            }
        }
        try context.write(report, as: output.output)
        return .success
    }
}

/// What is taken as it is.
struct BackupAcceptReport: Report {
    var accepted: [String]

    func lines(_ style: TextStyle) -> [String] {
        accepted.map { "the next backup takes data directory '\($0)' as it is".printable }
            + ["'fairlead backup now' makes it"]
    }
}
