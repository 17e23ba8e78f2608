internal import ArgumentParser
internal import HostSystem
internal import Journal

struct Status: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is deployed, whether it runs, and what stands in the way.",
        discussion: "Example: fairlead status --output json")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let holder = LockHolder.read(at: configuration.lockFile)
        let journal = try Journal.openReadOnly(at: configuration.journalFile)
        let logger = ProgressDisplay(context).logger
        let report = try await HostComposition.with(configuration, in: context, logger: logger) { host in
            try await StatusReport(
                host: configuration.host, journal: journal, engine: host.engine, surroundings: host.host, lock: holder,
                jobs: host.host.jobRecords().map { StatusReport.Job($0, clock: context.clock) },
                stateDirectory: configuration.stateDirectory)
        }
        try context.write(report, as: output.output)
        return .success
    }
}
