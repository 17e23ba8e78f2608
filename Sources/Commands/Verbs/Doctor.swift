internal import ArgumentParser

struct Doctor: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check this host and say what to mend.",
        discussion: """
            Looks at the configuration, the tools, the engine, the daemon, the running stack, the storage, the customer repo, the secrets, the \
            registries' logins, what is in the way of the plan, and the clock; changes nothing. Exit status: \
            0 nothing fails, 1 problems.

            Example: fairlead doctor
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let report = try await Examination(options: options, context: context).report()
        try context.write(report, as: output.output)
        return report.isHealthy ? .success : .failure
    }
}
