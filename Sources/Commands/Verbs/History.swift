internal import ArgumentParser
internal import Journal

struct History: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what was deployed, newest first, with the commits and what they changed.",
        discussion: """
            Commits that led to no deployment are listed without a number.

            Example: fairlead history --limit 5
            """)

    @Option(help: "How many entries.")
    var limit = 20

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let journal = try Journal.openReadOnly(at: options.load(context).journalFile)
        try context.write(try await HistoryReport(from: journal, limit: limit), as: output.output)
        return .success
    }
}
