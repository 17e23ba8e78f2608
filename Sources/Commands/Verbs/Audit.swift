internal import ArgumentParser
internal import Journal
internal import Planning

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
            it with a head that was kept elsewhere. Backups hold one, signed, and mails have it in their last line.

            Exit status: 0 nothing was changed, 1 something was.

            Example: fairlead audit verify
            Example: fairlead audit verify --head 412:0123456789abcdef
            """)

    @Option(
        help: ArgumentHelp("A head from a mail or a backup, of this journal.", valueName: "entry:hash"),
        transform: JournalHead.argument)
    var head: JournalHead?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let journal = try Journal.openReadOnly(at: try options.load(context).journalFile)
        let report = AuditReport(try await journal.examine(known: head), compared: head)
        try context.write(report, as: output.output)
        return report.faults.isEmpty ? .success : .failure
    }
}

extension JournalHead {
    fileprivate static func argument(_ text: String) throws -> Self {
        guard let head = Self(text) else {
            throw ValidationError("'\(text)' is no head such as '412:0123456789abcdef'")
        }
        return head
    }
}
