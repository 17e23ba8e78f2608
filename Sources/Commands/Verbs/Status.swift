internal import ArgumentParser
internal import Backup
internal import Files
internal import HostSystem
internal import Journal
internal import Model

struct Status: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is deployed, whether it runs, and what stands in the way.",
        discussion: """
            With --exit-code, for monitoring: the first line says it all, and the exit status is 0 when the host is whole, \
            1 when that is not known, 2 when something waits or goes on, 3 when something is wrong.

            Example: fairlead status --output json
            Example: fairlead status --exit-code
            """)

    @Flag(help: "Begin with one line that says it all, and exit with 0, 1, 2 or 3 accordingly.")
    var exitCode = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let holder = LockHolder.read(at: configuration.lockFile)
        let journal = try Journal.openReadOnly(at: configuration.journalFile)
        let logger = ProgressDisplay(context).logger
        let ledger = TrustLedger(journal)
        let freshness = try await ledger.freshness()
        let (found, copies) = try await HostComposition.with(configuration, in: context, logger: logger) { host in
            let report = try await StatusReport(of: host, journal, lock: holder)
            // What cannot be seen now is no way back.
            return (report, report.outage == nil ? [] : (try? await host.snapshots.snapshots()) ?? [])
        }
        var report = found
        if report.outage != nil {
            let tip = try await journal.lastSeen()?.commit
            let parent = try await journal.commits(matching: tip?.parents.first?.hex ?? "").first
            report.outage?.offer(tip: tip, after: parent, copies: copies)
        }
        report.freshness = freshness.flatMap { .init($0, by: configuration, now: context.clock.now()) }
        report.signers = try await SignersSummary(ledger, by: configuration)
        report.verdict = HostVerdict(of: report)
        if exitCode, output.output == .text { context.console.result(report.verdict.line) }
        try context.write(report, as: output.output)
        return exitCode ? report.verdict.status : .success
    }
}
