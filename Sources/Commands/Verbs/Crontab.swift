internal import ArgumentParser
internal import Files
internal import Jobs
internal import Model

/// `fairlead crontab`.
struct CrontabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crontab",
        abstract: "Show and restore the backups of root's crontab.",
        discussion:
            "Fairlead makes one before each change of its own entries: the first one and the newest 29 are kept.\n\nExample: fairlead crontab show",
        subcommands: [CrontabShow.self, CrontabRestore.self])
}

struct CrontabShow: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List the backups, newest first, or print one.",
        discussion: "Example: fairlead crontab show 2026-11-21T14-03-22Z")

    @Argument(help: "The backup to print; without it, all are listed.")
    var name: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let crontab = RootCrontab(try options.load(context).jobsConfiguration(context.environment))
        guard let name else {
            try context.write(
                CrontabReport(backups: crontab.backups().map(CrontabReport.Backup.init)), as: output.output)
            return .success
        }
        let text = String(decoding: try crontab.backup(name), as: UTF8.self)
        try context.write(CrontabContent(name: name, content: text), as: output.output)
        return .success
    }
}

struct CrontabRestore: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring the operator's lines of a backup back.",
        discussion: """
            Everything but Fairlead's own entries becomes what it was then; these stay as the deployed plan has them. \
            What is there now is backed up first.

            Example: fairlead crontab restore 2026-11-21T14-03-22Z
            """)

    @Argument(help: "The backup; without it, the newest.")
    var name: String?

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        let gate = HostGate(
            path: configuration.lockFile, command: "fairlead crontab", patience: .seconds(60), now: context.clock.now)
        let crontab = RootCrontab(configuration.jobsConfiguration(context.environment))
        let done = try await gate.withExclusion(for: "restore") { try await crontab.restore(name) }
        context.console.note(
            done.former.map { "restored '\(done.restored)'; what was there is backup '\($0)'" }
                ?? "the crontab is that of '\(done.restored)' already")
        return .success
    }
}

/// The backups of root's crontab.
struct CrontabReport: Report {
    struct Backup: Codable, Hashable, Sendable {
        var name: String
        var saved: ReportTime
        /// In bytes.
        var size: Int
        /// There was no crontab at that time.
        var absent: Bool

        init(_ backup: CrontabBackup) {
            name = backup.name
            saved = ReportTime(backup.saved)
            size = backup.size
            absent = backup.isAbsence
        }
    }

    /// Newest first.
    var backups: [Backup]

    func lines(_ style: TextStyle) -> [String] {
        guard !backups.isEmpty else { return ["no backups; Fairlead has not changed the crontab"] }
        var table = TextTable()
        for backup in backups {
            let size = backup.absent ? "there was no crontab" : backup.size.counted("byte")
            table.add(.init(backup.name), .init(style.exactTime(backup.saved.moment), style.faint), .init(size))
        }
        return table.lines
    }
}

/// One backup of root's crontab.
struct CrontabContent: Report {
    var name: String
    var content: String

    func lines(_ style: TextStyle) -> [String] {
        content.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
