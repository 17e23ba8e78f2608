internal import ArgumentParser
internal import Backup
internal import HostSystem
internal import Model

struct BackupRestore: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring what a run holds into a directory, to look at it.",
        discussion: """
            Each data directory comes as DIR/NAME, a dump as DIR/NAME.dump. DIR is new or empty; the stack and its data \
            are not touched, and nothing has to be deployed. Signatures and hashes are checked; what is damaged comes \
            from the next older run, if no RUN is named. To give a stack its data back, see docs/backup.md.

            Exit status: 0 all of it is there, 1 nothing is.

            Example: fairlead backup restore --to /srv/look --volume site
            """)

    @Argument(help: "The run, as 'fairlead backup list' shows it; the newest valid one if it is left out.")
    var run: String?

    @Option(help: ArgumentHelp("A new or an empty directory.", valueName: "dir"), completion: .directory)
    var to: String

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Only this data directory; may be given again.", valueName: "name"))
    var volume: [String] = []

    @Option(help: ArgumentHelp("Only runs of this host.", valueName: "host"))
    var fromHost: String?

    @Option(help: "Only from this target of the plan.")
    var target: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try BackupRunID.check(run)
        guard !to.isEmpty else { throw ValidationError("--to must not be empty") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        let choice = BackupExtraction.Choice(
            run: run.flatMap { BackupRunID($0) }, names: Set(volume), host: fromHost, target: target)
        let items = try await HostComposition.with(
            options.load(context), in: context, logger: display.logger
        ) { host in
            try await display.during {
                let (plan, secrets) = try await host.backupPlan()
                return try await BackupExtraction(host: host.host, now: context.clock.now)
                    .extract(choice, of: plan, secrets: secrets, to: to) { text in
                        context.console.note(secrets.telling(text).printable)
                    }
            }
        }
        try context.write(BackupRestoreReport(items, at: context.clock.now()), as: output.output)
        return .success
    }
}

/// What was brought.
struct BackupRestoreReport: Report {
    struct Volume: Codable, Hashable, Sendable {
        var name: String
        var path: String
        var content: String
        var run: String
        var host: String
        var target: String
        /// In the storage.
        var bytes: Int64
        /// Of the data, when it was restored.
        var ageSeconds: Int64
    }

    var volumes: [Volume]

    init(_ items: [BackupExtraction.Item], at now: Timestamp) {
        volumes = items.map { item in
            Volume(
                name: item.name, path: item.path, content: item.archive.content.rawValue, run: item.run.description,
                host: item.host, target: item.target, bytes: item.archive.parts.reduce(0) { $0 + $1.bytes },
                ageSeconds: max(0, now.since(item.run.moment).components.seconds))
        }
    }

    func lines(_ style: TextStyle) -> [String] {
        volumes.map { volume in
            let age = SpokenDuration.text(milliseconds: volume.ageSeconds * 1000)
            let size = ByteCount(bytes: volume.bytes).rounded
            return
                "\(volume.path): run \(volume.run) of '\(volume.host)', \(age) old, \(size) from '\(volume.target)'"
                .printable
        }
    }
}
