internal import ArgumentParser

struct Version: ContextCommand {
    static let needsRoot = false
    static let configuration = CommandConfiguration(
        abstract: "Print the version.", discussion: "Example: fairlead version --output json")

    /// Of this program.
    static let current = "0.1.0"

    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        try context.write(VersionReport(version: Self.current), as: output.output)
        return .success
    }
}

struct VersionReport: Report {
    var version: String

    func lines(_ style: TextStyle) -> [String] { ["fairlead \(version)"] }
}
