internal import ArgumentParser
internal import Backup
internal import HostSystem
internal import Model

struct BackupPrune: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove old runs of this host from a target that does not do so itself.",
        discussion: """
            A run stays when one of the rules keeps it; the newest one always stays. A target with a 'lock' is refused: \
            there a lifecycle rule of the store removes what is no longer locked.

            Example: fairlead backup prune share --keep-daily 30 --keep-monthly 12
            """)

    @Argument(help: "The target, as the plan names it.")
    var target: String

    @Option(help: "Keep so many of the newest runs.")
    var keepLast = 0

    @Option(help: "Keep the newest run of so many days.")
    var keepDaily = 0

    @Option(help: "Keep the newest run of so many months.")
    var keepMonthly = 0

    @Flag(help: "Only say what would be removed.")
    var dryRun = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard [keepLast, keepDaily, keepMonthly].allSatisfy({ $0 >= 0 }), keepLast + keepDaily + keepMonthly > 0
        else { throw ValidationError("say what to keep, such as --keep-daily 30") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let logger = ProgressDisplay(context).logger
        let rule = KeepRule(last: keepLast, daily: keepDaily, monthly: keepMonthly)
        let pruning = try await HostComposition.with(options.load(context), in: context, logger: logger) { host in
            let (plan, secrets) = try await host.backupPlan()
            return try await host.backups.prune(target, of: plan, secrets: secrets, keeping: rule, dryRun: dryRun)
        }
        try context.write(BackupPruneReport(pruning, dryRun: dryRun), as: output.output)
        return .success
    }
}

/// What was removed from a target.
struct BackupPruneReport: Report {
    var target: String
    var kept: [String]
    var removed: [String]
    /// Nothing was removed.
    var dryRun: Bool

    init(_ pruning: Backups.Pruning, dryRun: Bool) {
        target = pruning.target
        kept = pruning.kept.map(\.description)
        removed = pruning.removed.map(\.description)
        self.dryRun = dryRun
    }

    func lines(_ style: TextStyle) -> [String] {
        removed.map { "\(dryRun ? "would remove" : "removed") \($0)" }
            + ["'\(target)': \(kept.count.counted("run")) kept, \(removed.count) \(dryRun ? "would go" : "gone")"]
    }
}
