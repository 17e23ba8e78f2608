internal import ArgumentParser
internal import Model

struct Wait: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until the daemon has deployed what the branch asks for, or says why not.",
        discussion: """
            What the daemon finds from now on counts, or since the moment that --since names. One line says what came \
            of it.

            Exit status: 0 deployed, 1 failed (also: no daemon runs), 2 not within --timeout, 3 plan refused, \
            4 rolled back, 5 held back (suspended, in maintenance, data of another machine, moved).

            Example: fairlead wait --timeout 15m
            """)

    @Option(
        help: ArgumentHelp("How long to wait, such as 90s or 15m; 0s looks once.", valueName: "duration"),
        transform: PlanDuration.argument)
    var timeout = PlanDuration.seconds(3600)

    @Option(
        help: ArgumentHelp(
            "Let count what the daemon found since TIME, in UTC: 2026-11-21T10:32:07Z.", valueName: "time"),
        transform: Self.moment)
    var since: ReportTime?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let wait = DeploymentWait(
            since: since?.moment ?? context.clock.now(), timeout: timeout.duration, host: configuration.host
        ) { try await StatusReport(briefly: configuration) }
        let report = try await wait.end()
        try context.write(report, as: output.output)
        if output.output == .text, let hint = report.hint {
            context.console.note("\(context.chatterStyle.strong("hint:")) \(hint)".printable)
        }
        return report.status
    }

    private static func moment(_ text: String) throws -> ReportTime {
        guard let moment = ReportTime(text) else {
            throw ValidationError("'\(text)' is no time; write it like 2026-11-21T10:32:07Z")
        }
        return moment
    }
}
