internal import ArgumentParser
internal import HostSystem

struct SecretsGet: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Write the value of one secret to standard output.",
        discussion: """
            With one line end behind it, which does not belong to the value. Into a program, rather than to the screen: \
            a terminal keeps what it shows.

            Example: fairlead secrets get database
            """)

    @Argument(help: "Its name, as in '${secret:NAME}'.")
    var name: String

    @OptionGroup var options: SecretsOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        guard let value = try await options.vault(context).open()[name] else { throw UnknownSecrets(names: [name]) }
        context.console.result(value)
        return .success
    }
}
