internal import ArgumentParser
internal import Backup
internal import HostSystem
internal import Model

struct BackupVerify: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read runs back from every target, and check signatures and hashes.",
        discussion: """
            Without RUN the newest run of each target. Every byte is read, and goes through the programs that a restore \
            uses, which write nothing: what could not be restored is told. Of what is encrypted for others only the \
            hashes are checked.

            Exit status: 0 all of them are whole, 1 one is not, a target cannot be read, or there is none.

            Example: fairlead backup verify 20261121T020000Z
            """)

    @Argument(help: "The run, as 'fairlead backup list' shows it.")
    var run: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { try BackupRunID.check(run) }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let logger = ProgressDisplay(context).logger
        let report = try await HostComposition.with(options.load(context), in: context, logger: logger) { host in
            let (plan, secrets) = try await host.backupPlan()
            let known = try await host.backups.runs(of: plan, secrets: secrets, limit: run == nil ? 1 : .max)
            var report = BackupVerifyReport(of: run, unread: known.unread.mapValues(\.description))
            for known in known.found where run == nil || known.run.description == run {
                let problems = try await host.backups.verify(known, of: plan, secrets: secrets)
                report.runs.append(.init(known, problems))
            }
            return report
        }
        try context.write(report, as: output.output)
        return report.isWhole ? .success : .failure
    }
}

/// What reading runs back showed.
struct BackupVerifyReport: Report {
    struct Run: Codable, Hashable, Sendable {
        var run: String
        var host: String
        var target: String
        /// Empty when it is whole.
        var problems: [String]

        init(_ known: Backups.KnownRun, _ problems: [String]) {
            run = known.run.description
            host = known.host
            target = known.target
            self.problems = problems
        }
    }

    var runs: [Run] = []
    /// The run that was asked for.
    private var wanted: String?
    /// Why a target could not be read, by its name.
    var unread: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case runs, unread
    }

    init(of wanted: String?, unread: [String: String]) {
        self.wanted = wanted
        self.unread = unread.isEmpty ? nil : unread
    }

    var isWhole: Bool { unread == nil && !runs.isEmpty && runs.allSatisfy { $0.problems.isEmpty } }

    func lines(_ style: TextStyle) -> [String] {
        let faults = BackupListReport.faults(unread, style)
        guard !runs.isEmpty else { return faults.isEmpty ? [nothing] : faults }
        return faults
            + runs.flatMap { run in
                let head = "\(run.run) of \(run.host) at '\(run.target)': "
                return run.problems.isEmpty
                    ? [(head + style.good("whole")).printable]
                    : run.problems.map { (head + style.bad($0)).printable }
            }
    }

    private var nothing: String {
        guard let wanted else { return "no run of this stack is in any target: 'fairlead backup now' makes one" }
        return "run \(wanted) is in no target: 'fairlead backup list' shows what there is"
    }
}

extension BackupRunID {
    /// Refuses what a user wrote for the name of a run.
    static func check(_ text: String?) throws {
        guard let text, BackupRunID(text) == nil else { return }
        throw ValidationError("'\(text)' is no run; 'fairlead backup list' shows them")
    }
}
