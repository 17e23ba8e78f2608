internal import ArgumentParser
internal import Backup
internal import Files
internal import HostSystem
internal import Model

struct BackupNow: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "now", abstract: "Make a backup now, and bring it to every target of the plan.",
        discussion: """
            Containers are held only while their data is copied to this host's spool, as the plan says for each volume. \
            What a target does not take now is sent again by the daemon.

            A data directory that cannot be saved costs itself only: the run says that it is incomplete.

            Exit status: 0 every target has a complete run, 1 no backup was made, it is incomplete, or a target lacks it.

            Example: fairlead backup now
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        let began = ContinuousClock.now
        let result = try await HostComposition.with(
            options.load(context), in: context, logger: display.logger
        ) { host in
            let gate = host.gate("fairlead backup now")
            let journal = try await host.openJournal(gate)
            let runner = host.backupRunner(journal, gate: gate) { context.console.note($0.printable) }
            return try await display.during { try await runner.withExclusion { try await runner.run() } }
        }
        try context.write(BackupNowReport(result, took: ContinuousClock.now - began), as: output.output)
        return result.isComplete ? .success : .failure
    }
}

/// What a backup came to.
struct BackupNowReport: Report {
    struct Target: Codable, Hashable, Sendable {
        var name: String
        var delivered: [String]
        /// That were sent.
        var bytes: Int64
        var error: String?
        var hint: String?
        /// Objects that can be overwritten or deleted although the plan wants them locked.
        var unlocked: [String]
        /// Objects of earlier runs that this one needs and the target has not.
        var missing: [String]
    }

    /// The vendor's files of the deployed version at a target that lacked them.
    struct Release: Codable, Hashable, Sendable {
        var target: String
        var version: String
        var files: Int
        var error: String?
        var hint: String?
        var unlocked: [String]
    }

    /// A data directory that the run lacks.
    struct Gap: Codable, Hashable, Sendable {
        var name: String
        var reason: String
        /// The end of what was said.
        var said: String?
        var hint: String
    }

    var run: String
    var milliseconds: Int64
    var incomplete: [Gap]
    /// Containers that were held and do not go on.
    var held: [String]
    /// Of data directories that are much smaller than they were, in words.
    var shrunk: [String: String]
    /// What an operator should know of data directories that were saved.
    var notes: [String: [String]]
    var targets: [Target]
    var releases: [Release]

    init(_ result: BackupRunner.Result, took: Duration) {
        let sealed = result.sealed
        run = sealed?.run.description ?? ""
        incomplete = (sealed?.failures ?? []).map { failure in
            Gap(
                name: failure.name, reason: failure.reason, said: failure.said.isEmpty ? nil : failure.said,
                hint: failure.hint)
        }
        held = sealed?.held ?? []
        shrunk = sealed?.manifest.shrunk ?? [:]
        notes = sealed?.manifest.notes ?? [:]
        milliseconds = Int64(took / .milliseconds(1))
        targets = result.deliveries.map { delivery in
            Target(
                name: delivery.target, delivered: delivery.delivered.map(\.description), bytes: delivery.bytes,
                error: delivery.failure?.message, hint: delivery.failure?.hint, unlocked: delivery.unlocked,
                missing: delivery.missing)
        }
        releases = result.releases.map { delivery in
            Release(
                target: delivery.target, version: delivery.version, files: delivery.files,
                error: delivery.failure?.message, hint: delivery.failure?.hint, unlocked: delivery.unlocked)
        }
    }

    func lines(_ style: TextStyle) -> [String] {
        ["run \(run), \(SpokenDuration.text(milliseconds: milliseconds))"] + gapLines(style) + noteLines(style)
            + targets.flatMap { target in
                let sent = ByteCount(bytes: target.bytes).rounded
                return lines(
                    "\(target.name): \(sent)", target.error, target.hint, target.missing + target.unlocked, style)
            }
            + releases.flatMap { release in
                let done = "\(release.target): \(release.files.counted("file")) of release \(release.version)"
                return lines(done, release.error, release.hint, release.unlocked, style)
            }
    }

    private func gapLines(_ style: TextStyle) -> [String] {
        let held = held.map { style.bad("  container '\($0)' was held and does not go on".printable) }
        guard !incomplete.isEmpty else { return held }
        return held + [style.bad("  incomplete:")]
            + incomplete.flatMap { gap in
                let said = gap.said.map { ": \($0)" } ?? ""
                return [
                    style.bad("    '\(gap.name)' \(gap.reason)\(said)".printable), "      hint: \(gap.hint.printable)",
                ]
            }
    }

    private func noteLines(_ style: TextStyle) -> [String] {
        let shrunk = shrunk.sorted { $0.key < $1.key }.flatMap { name, words in
            [
                style.bad("  '\(name)' is much smaller than it was: \(words)".printable),
                "    hint: see what is in it; where it is meant, 'fairlead backup accept \(name)'".printable,
            ]
        }
        return shrunk
            + notes.sorted { $0.key < $1.key }.flatMap { name, notes in
                notes.map { "  '\(name)': \($0)".printable }
            }
    }

    private func lines(
        _ done: String, _ error: String?, _ hint: String?, _ findings: [String], _ style: TextStyle
    ) -> [String] {
        if let error {
            let name = done.prefix { $0 != ":" }
            return [style.bad("  \(name): not delivered: \(error.printable)")]
                + (hint.map { $0.isEmpty ? [] : ["    hint: \($0.printable)"] } ?? [])
        }
        return [style.good("  \(done.printable)")] + findings.prefix(5).map { style.bad("    \($0.printable)") }
    }
}
