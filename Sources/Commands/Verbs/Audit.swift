internal import ArgumentParser
internal import Backup
internal import HostSystem
internal import Journal
internal import Model

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell whether the record of this host was changed by anybody but fairlead.",
        subcommands: [AuditVerify.self])
}

struct AuditVerify: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the journal's chain and every row that it covers.",
        discussion: """
            Each entry of the journal has the hash of the one before. Whoever is root can make a whole chain anew: compare \
            it with a head that was kept elsewhere. Mails end with one that this host signed: --head takes the mail, saved \
            as text, or the head itself. With --backups the signed manifests of this host's runs are read from the plan's \
            targets, the newest of each, and compared. With --head it also lists the rows that were there with that head and were \
            changed after it. Rows that fairlead changes itself (what came of a commit, what is deployed) are told only; a change \
            of a row that is final (a deployment that ended, a commit's author, an incident) is a fault.

            A host whose journal was lost has runs from before it: name the first one after that with --since.

            Exit status: 0 nothing was changed, 1 something was, or with --backups no run could be compared, or a target \
            cannot be read.

            Example: fairlead audit verify --backups
            Example: fairlead audit verify --head 412:0123456789abcdef
            Example: fairlead audit verify --head mail.txt
            """)

    @Option(
        help: ArgumentHelp("A head of this journal, or a file with a mail; - reads standard input.", valueName: "head"),
        transform: KeptHead.init(argument:))
    var head: KeptHead?

    @Flag(help: "Compare with what the signed manifests of the backups say.")
    var backups = false

    @Option(help: ArgumentHelp("Only backups of this run and later.", valueName: "run"))
    var since: String?

    @Option(help: "How many runs of each target.")
    var limit = 20

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
        guard backups || since == nil else { throw ValidationError("--since goes with --backups") }
        try BackupRunID.check(since)
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let key = HostKey(configuration.hostConfiguration(context.environment))
        let known = try await head?.head(of: configuration.host, signedBy: key)
        let journal = try Journal.openReadOnly(at: configuration.journalFile)
        var report = AuditReport(try await journal.examine(known: known, now: context.clock.now()), compared: known)
        if backups { report.add(try await heads(journal, configuration, context)) }
        try context.write(report, as: output.output)
        return report.isWhole ? .success : .failure
    }

    private func heads(
        _ journal: Journal, _ configuration: VSNConfiguration, _ context: CommandContext
    ) async throws -> BackupHeads {
        let logger = ProgressDisplay(context).logger
        return try await HostComposition.with(configuration, in: context, logger: logger) { host in
            let (plan, secrets) = try await host.backupPlan()
            let runs = try await host.backups.runs(of: plan, secrets: secrets, limit: limit)
            return try await BackupHeads(
                runs, of: configuration.host, since: since.flatMap { BackupRunID($0) }, in: journal,
                now: context.clock.now())
        }
    }
}
