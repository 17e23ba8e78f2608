internal import ArgumentParser
internal import Backup
internal import GitSource
internal import HostSystem
internal import Model
internal import Reconciling

struct BackupList: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs of this stack in every target, newest first.",
        discussion: """
            Of every host that ever ran the stack. A run is 'listed' when its manifest is signed by this host or by one of \
            the plan's 'backup.signers', and the storage lists all of its parts with their size; 'incomplete' when it \
            lacks a data directory. Whether they are what was saved only 'fairlead backup verify' tells.

            A run that is gone and was not pruned is told, where the next one names it, or this host delivered it as its \
            newest: somebody may have removed it. That is judged only when every target was read; what a single target \
            has taken last and lists no more is told of each that was.

            A target that cannot be read is named, with the reason, after the runs of the others.

            Exit status: 0 there is a listed run, every target was read, and no run is gone; 1 otherwise.

            Example: fairlead backup list --limit 5
            """)

    @Option(help: "How many runs of each target.")
    var limit = 20

    @Option(help: ArgumentHelp("Only runs before this one.", valueName: "run"))
    var before: String?

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be 1 or more") }
        try BackupRunID.check(before)
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let logger = ProgressDisplay(context).logger
        let report = try await HostComposition.with(options.load(context), in: context, logger: logger) { host in
            let (plan, secrets) = try await host.backupPlan()
            return BackupListReport(
                try await host.backups.runs(
                    of: plan, secrets: secrets, limit: limit, before: before.flatMap { BackupRunID($0) },
                    now: context.clock.now()), of: plan.stack)
        }
        try context.write(report, as: output.output)
        return report.isWhole ? .success : .failure
    }
}

/// The runs of a stack.
struct BackupListReport: Report {
    struct Run: Codable, Hashable, Sendable {
        enum State: String, Codable, Sendable {
            case listed, incomplete, partsMissing, unfinished, invalid

            var words: String { self == .partsMissing ? "parts missing" : rawValue }
        }

        var run: String
        /// What the stack was called when the run was made, where it has another name now.
        var stack: String?
        var host: String
        var target: String
        var state: State
        /// Why it is not listed.
        var reason: String?
        var version: String?
        var commit: String?
        var bytes: Int64?
        var volumes: [String]?
        /// Of data directories that are much smaller than they were, in words.
        var shrunk: [String: String]?
        /// A run that was there before it and is gone.
        var lost: String?

        /// What it holds, or why it is not what it should be.
        var detail: String {
            let small = (shrunk ?? [:]).sorted { $0.key < $1.key }.map { "'\($0)' is much smaller: \($1)" }
            let former = stack.map { "as stack '\($0)'" }
            let gone = lost.map { "run \($0), which was there before it, is gone" }
            return ([reason ?? (volumes ?? []).joined(separator: ", "), former, gone].compactMap(\.self) + small)
                .joined(separator: "; ")
        }
    }

    /// 1 said `valid` of what nobody had read.
    static var formatVersion: Int { 2 }

    var runs: [Run]
    /// Why a target could not be read, by its name.
    var unread: [String: String]?
    /// The newest run that this host delivered, where it is gone.
    var lost: String?
    /// The newest run that this host brought to a target, where it is not there any more, by the target's name.
    var gone: [String: String]?
    private var lostWords: String?

    /// There is something to restore, and nothing says that there was more.
    var isWhole: Bool {
        unread == nil && lost == nil && gone == nil && runs.allSatisfy { $0.lost == nil }
            && runs.contains { $0.state == .listed }
    }

    private enum CodingKeys: String, CodingKey {
        case runs, unread, lost, gone
    }

    init(_ known: Backups.KnownRuns, of stack: String) {
        unread = known.unread.isEmpty ? nil : known.unread.mapValues(\.description)
        lost = known.lost?.run.description
        gone = known.gone.isEmpty ? nil : known.gone.mapValues(\.description)
        lostWords = known.lost?.words
        runs = known.found.map { known in
            var run = Run(run: known.run.description, host: known.host, target: known.target, state: .unfinished)
            run.stack = known.stack == stack ? nil : known.stack
            run.lost = known.lost?.description
            switch known.state {
            case .unfinished: run.reason = "its upload was not finished"
            case .invalid(let reason): (run.state, run.reason) = (.invalid, reason)
            case .listed(let manifest, let missing):
                run.state = !missing.isEmpty ? .partsMissing : manifest.incomplete != nil ? .incomplete : .listed
                run.reason = missing.first ?? manifest.gap.map { String($0.dropFirst("incomplete: ".count)) }
                run.shrunk = manifest.shrunk.isEmpty ? nil : manifest.shrunk
                run.version = manifest.version
                run.commit = manifest.commit?.hex
                run.bytes = manifest.bytes
                run.volumes = manifest.dataNames
            }
            return run
        }
    }

    func lines(_ style: TextStyle) -> [String] {
        let lines = [lostWords.map { "\($0): somebody may have removed it" }].compactMap(\.self) + goneWords
        let faults = lines.map { style.bad($0.printable) } + Self.faults(unread, style)
        guard !runs.isEmpty else {
            return faults.isEmpty ? ["no run of this stack is in any target"] : faults
        }
        var table = TextTable()
        for run in runs {
            table.add(
                .init(run.run), .init(run.host.printable), .init(run.target),
                .init(run.state.words) {
                    run.state == .listed && run.shrunk == nil && run.lost == nil ? style.good($0) : style.bad($0)
                },
                .init(run.version ?? ""), .init(run.bytes.map { ByteCount(bytes: $0).rounded } ?? ""),
                .init(run.detail.printable))
        }
        return table.lines + faults
    }

    /// Of what is gone everywhere that alone is told.
    private var goneWords: [String] {
        (gone ?? [:]).filter { $0.value != lost }.sorted { $0.key < $1.key }.map { target, run in
            "run \(run), which this host brought to target '\(target)', is not there any more: somebody may have removed "
                + "it; see who can write there, 'fairlead backup now' brings it a new one"
        }
    }

    static func faults(_ unread: [String: String]?, _ style: TextStyle) -> [String] {
        (unread ?? [:]).sorted { $0.key < $1.key }.map {
            style.bad("target '\($0)' could not be read: \($1)".printable)
        }
    }
}

extension HostComposition {
    /// The plan and the secrets with which backups are read: those of what is deployed, or of the tip of the branch where
    /// nothing is, as on a new host.
    func backupPlan() async throws -> (ResolvedPlan, Secrets) {
        if let deployed = try await deployedState() {
            return (deployed.desired.plan, try await storageSecrets(of: deployed.desired.plan, at: deployed.commit))
        }
        let tip = try await believedTip()
        let plan = try await candidates.plan(at: tip.commit)
        return (plan, try await storageSecrets(of: plan, at: tip.commit))
    }

    /// Those of containers need not be here to read backups: who recovers may not have them all. One that a storage refers to
    /// and that is missing is told when that is read.
    private func storageSecrets(of plan: ResolvedPlan, at commit: CommitID) async throws -> Secrets {
        guard plan.backup?.refersToSecrets == true else { return Secrets() }
        return try await host.secrets(in: try await source.tree(at: commit))
    }

    /// What the next deployment deploys.
    func tipCandidate() async throws -> Candidate {
        let tip = try await believedTip()
        return try await candidates.candidate(at: tip.commit, deployed: nil)
    }
}
