internal import ArgumentParser
internal import Backup
internal import Deploying
internal import Drill
internal import HostSystem
internal import Model

struct BackupDrill: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Rehearse a recovery: start the stack on its newest backup, beside the running one.",
        discussion: """
            The newest valid run is restored into a place of its own, and the deployed plan is started on it: cut off from \
            the network, the host and the running stack, which is not touched. Its health checks decide. Everything is \
            removed again, also by the daemon or the next drill where this one is killed.

            Exit status: 0 the stack serves on its backup, 1 it does not, or there was no drill.

            Example: fairlead backup drill
            """)

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        let result = try await HostComposition.with(
            options.load(context), in: context, logger: display.logger
        ) { host in
            let gate = host.gate("fairlead backup drill")
            let journal = try await host.openJournal(gate)
            let runner = host.drillRunner(journal, gate: gate) { context.console.note($0.printable) }
            // Outside of what a signal ends, so that it is removed then as well.
            return try await runner.withExclusion { try await display.during { try await runner.run() } }
        }
        try context.write(BackupDrillReport(result), as: output.output)
        return result.error == nil ? .success : .failure
    }
}

/// What a drill showed.
struct BackupDrillReport: Report {
    /// One data directory.
    struct Data: Codable, Hashable, Sendable {
        var name: String
        var run: String
        /// That made the run.
        var host: String
        var target: String
        var content: VolumeArchive.Content
        /// In the storage.
        var bytes: Int64
        /// Of the run when the drill began.
        var ageSeconds: Int64
    }

    struct Container: Codable, Hashable, Sendable {
        var name: String
        var healthy: Bool
        /// From its start until it was healthy.
        var milliseconds: Int64?
    }

    /// The stack serves on its backup.
    var passed: Bool
    var error: String?
    var hint: String?
    /// Of all of it.
    var milliseconds: Int64
    /// Until the data was there and checked.
    var fetchMilliseconds: Int64?
    /// From then until the last container was started.
    var startMilliseconds: Int64?
    /// From then until the last container was healthy.
    var healthyMilliseconds: Int64?
    var bytes: Int64
    var data: [Data]
    var containers: [Container]
    /// Why newer runs were not used.
    var warnings: [String]
    /// How the rehearsed stack differed from the running one.
    var notes: [String]

    init(_ result: DrillResult) {
        passed = result.error == nil
        error = result.error?.message
        hint = result.error?.hint
        milliseconds = result.milliseconds
        fetchMilliseconds = result.outcome.map { $0.fetch.milliseconds }
        startMilliseconds = result.outcome?.start?.milliseconds
        healthyMilliseconds = result.outcome?.healthy?.milliseconds
        bytes = result.bytes
        data = result.data.map { data in
            Data(
                name: data.name, run: data.run.description, host: data.host, target: data.target,
                content: data.content, bytes: data.bytes,
                ageSeconds: max(0, result.began.since(data.run.moment).components.seconds))
        }
        containers = (result.outcome?.containers ?? []).map { container in
            Container(
                name: container.name, healthy: container.healthy != nil,
                milliseconds: container.healthy?.milliseconds)
        }
        warnings = result.warnings
        notes = result.notes
    }

    func lines(_ style: TextStyle) -> [String] {
        let head =
            passed
            ? style.good("the stack serves on its backup, after \(SpokenDuration.text(milliseconds: milliseconds))")
            : style.bad("the drill failed: \((error ?? "").printable)")
        let advice = hint.map { $0.isEmpty ? [] : ["  hint: \($0.printable)"] } ?? []
        let told = warnings.map { style.bad("  warning: \($0.printable)") } + notes.map { "  note: \($0.printable)" }
        return [head] + (passed ? [] : advice) + dataTable.lines + times + containerTable(style).lines + told
    }

    private var dataTable: TextTable {
        var table = TextTable(indentation: 2)
        for data in data {
            let age = SpokenDuration.text(milliseconds: data.ageSeconds * 1000)
            table.add(
                .init(data.name), .init("\(data.run) of \(data.host) from '\(data.target)'".printable),
                .init("\(age) old"),
                .init("\(ByteCount(bytes: data.bytes).rounded) of \(data.content == .dump ? "dump" : "files")"))
        }
        return table
    }

    private var times: [String] {
        let steps = [
            ("fetched in", fetchMilliseconds), ("started in", startMilliseconds), ("healthy in", healthyMilliseconds),
        ]
        let known = steps.compactMap { words, time in
            time.map { "\(words) \(SpokenDuration.text(milliseconds: $0))" }
        }
        return known.isEmpty ? [] : ["  " + known.joined(separator: ", ")]
    }

    private func containerTable(_ style: TextStyle) -> TextTable {
        var table = TextTable(indentation: 2)
        for container in containers {
            table.add(
                .init(container.name),
                .init(container.healthy ? "healthy" : "not healthy") {
                    container.healthy ? style.good($0) : style.bad($0)
                }, .init(container.milliseconds.map { SpokenDuration.text(milliseconds: $0) } ?? ""))
        }
        return table
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
