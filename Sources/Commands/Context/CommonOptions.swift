public import ArgumentParser
internal import Model

/// How a report is written.
public enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
    case text, json
}

/// Options of every command that reads the VSN's configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read the configuration from FILE.", valueName: "file"), completion: .file())
    var config: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Override one key, such as 'interval=30s'; may be given again.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: "The name of this host in the customer repo; short for '--set host=NAME'.")
    var host: String?

    func load(_ context: CommandContext) throws -> VSNConfiguration {
        let settings = settings + (host.map { ["host=\($0)"] } ?? [])
        let configuration = try VSNConfiguration(
            from: ConfigurationSource(file: config, settings: settings, environment: context.environment))
        // No reason to do nothing: who cannot be read cannot sign, and the stack runs on.
        for note in SignerLines(configuration.trust).notes { context.console.note("warning: \(note)".printable) }
        return configuration
    }
}

/// Option of every command that reports something.
struct OutputOptions: ParsableArguments {
    @Option(help: "How to write the result: text or json.")
    var output = OutputFormat.text
}

extension PlanDuration {
    /// For an option that takes one.
    static func argument(_ text: String) throws -> PlanDuration {
        guard let duration = PlanDuration(text) else {
            throw ValidationError("'\(text)' is no duration; write it like 90s, 15m or 2h")
        }
        return duration
    }
}
