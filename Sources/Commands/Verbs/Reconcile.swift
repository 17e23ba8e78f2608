internal import ArgumentParser
internal import Deploying
internal import Model
internal import Reconciling

struct Reconcile: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Poll once, and deploy what is committed if it differs.",
        discussion: """
            Also finishes a deployment that was cut off, and starts the stack again if it does not stand as it was left. \
            Waits for another deployment to end first.

            Exit status: 0 deployed or nothing to deploy, 1 failed, 3 plan refused, 4 rolled back, 5 held back \
            (suspended, or a remembered failure).

            Example: fairlead reconcile
            """)

    @Flag(help: "Redeploy although nothing differs, and although the plan failed before.")
    var force = false

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        let report = try await HostComposition.with(
            options.load(context), in: context, logger: display.logger
        ) { host in
            let gate = host.gate("fairlead reconcile")
            let journal = try await host.openJournal(gate)
            let reconciler = try host.reconciler(journal, gate: gate, observer: display.observer)
            var scope = Reconciler.Scope.full
            scope.force = force
            return try await display.during { [scope] in try await reconciler.cycle(scope) }
        }
        return tell(report, context)
    }

    private func tell(_ report: CycleReport, _ context: CommandContext) -> ExitStatus {
        for note in report.notes { context.console.note("note: \(note.printable)") }
        let style = context.chatterStyle
        for line in report.errorLines.flatMap({ $0.split(separator: "\n") }) {
            for part in style.wrapped(String(line).printable) {
                context.console.note(report.isDeployment ? part : style.bad(part))
            }
        }
        context.console.result(report.headline(context.resultStyle))
        return report.status
    }
}
