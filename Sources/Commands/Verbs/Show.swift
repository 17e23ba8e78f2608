internal import ArgumentParser
internal import Journal

struct Show: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show one deployment, or one commit with its deployments.",
        discussion: """
            Steps, containers, images, and the error with what to do about it.

            Example: fairlead show 12
            Example: fairlead show a1b2c3d4e5
            """)

    @Argument(help: "A deployment's number, or the beginning of a commit id.")
    var subject: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let journal = try Journal.openReadOnly(at: options.load(context).journalFile)
        try context.write(try await ShowReport(subject, from: journal), as: output.output)
        return .success
    }
}
