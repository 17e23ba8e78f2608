internal import ArgumentParser
internal import Jobs
internal import Journal
internal import Model

struct Incidents: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what went wrong on this host, newest first, and what was done about it.",
        discussion: """
            Containers that failed their health check, deployments that failed, a customer repo out of reach, drift; \
            each with the time of its opening and closing.

            Example: fairlead incidents --open
            """)

    @Flag(help: "Only those that are not over.")
    var open = false

    @Option(help: "How many incidents.")
    var limit = 20

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let journal = try Journal.openReadOnly(at: configuration.journalFile)
        let spool = IncidentSpool(stateDirectory: configuration.stateDirectory)
        let records = try await IncidentRecord.onHost(journal, spool, limit: open ? nil : limit)
        try context.write(IncidentsReport(records), as: output.output)
        return .success
    }
}
