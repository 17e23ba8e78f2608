internal import ArgumentParser
internal import Planning

struct HostKeyCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "host-key",
        abstract: "Print the line that pins this machine in its entry of the customer repo.",
        discussion: """
            Committed in hosts/NAME.json, it keeps every other machine that is set up under the same name from running the \
            stack. A machine that is replaced or installed anew has a new key: commit that one, or for the time between \
            a list of both.

            Example: fairlead host-key
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let logger = ProgressDisplay(context).logger
        let report = try await HostComposition.with(configuration, in: context, logger: logger) { host in
            HostKeyReport(host: configuration.host, hostKey: try await host.machine.publicKey())
        }
        try context.write(report, as: output.output)
        return .success
    }
}

/// The key of this machine.
struct HostKeyReport: Report {
    var host: String
    var hostKey: String

    func lines(_ style: TextStyle) -> [String] { [HostKeyPin.line(hostKey)] }
}
