internal import ArgumentParser
internal import Backup
internal import Files
internal import GitSource
internal import HostSystem
internal import Journal
internal import Model
internal import Planning
internal import Reconciling

struct Import: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take the data of an existing installation in, for the next deployment.",
        discussion: """
            NAME is a data directory of the committed plan, missing or empty, that no deployed stack uses. PATH is a \
            directory, which is copied with owners, modes, links and attributes, or a file with a database dump, which \
            the container's 'load' command takes in before it counts as healthy. PATH is not changed; what is imported \
            goes before backups. docs/import.md has the whole procedure.

            Exit status: 0 imported, 1 not, 5 held back.

            Example: fairlead import site /mnt/old/var/www
            Example: fairlead import database /mnt/old/acme.dump
            """)

    @Argument(help: "The data directory, as the plan names it.")
    var name: String

    @Argument(help: "A directory, or a file with a dump.", completion: .file())
    var path: String

    @Flag(help: "Refuse a directory: PATH is meant to be a dump.")
    var dump = false

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        return try await HostComposition.with(options.load(context), in: context, logger: display.logger) { host in
            let gate = host.gate("fairlead import")
            let journal = try await host.openJournal(gate)
            let suspension = try await journal.suspension()
            if let suspension, !suspension.kind.standing.allowsImport { return context.refuse(suspension) }
            let imported = try await display.during {
                try await gate.withExclusion(for: "import data") { try await take(host, journal) }
            }
            tell(imported.data, context)
            context.console.note(
                suspension.map { "import what is missing, then deploy: \($0.ending)".printable }
                    ?? imported.next.words("deploys with it", context.chatterStyle))
            return .success
        }
    }

    private func take(
        _ host: HostComposition, _ journal: Journal
    ) async throws -> (data: DataImport.Imported, next: NextAttempt) {
        let candidate = try await host.tipCandidate()
        let plan = candidate.desired.plan
        let next = NextAttempt(
            of: candidate.commit.id, key: .plan(candidate.desired.digest), try await journal.failures())
        let deployed = try await journal.deployedState()
        let busy = try await host.engine.containers(label: FairleadLabel.stack, value: plan.stack)
            .filter { ![.exited, .created].contains($0.state) }
        if let deployed {
            let old = deployed.desired.plan
            guard old.stack != plan.stack || !old.dataNames.contains(name) else {
                throw DataInUse(name: name, plan: plan)
            }
        } else if let container = busy.first {
            throw DataInUse(name: name, plan: plan, container: container.name)
        }
        let data = try await DataImport(host: host.host, now: host.context.clock.now)
            .take(path, asDump: dump, into: name, of: plan)
        try await host.data(journal).wasImported(name, of: plan)
        try await OperatorLedger(journal).record(
            OperatorAct(
                kind: .imported, text: "data directory '\(name)' from '\(path)'", person: host.context.person,
                time: host.context.clock.now()))
        return (data, next)
    }

    private func tell(_ imported: DataImport.Imported, _ context: CommandContext) {
        let size = ByteCount(bytes: imported.bytes).rounded
        context.console.result(
            (imported.isDump
                ? "'\(imported.source)' (\(size)) is loaded into '\(imported.name)' by the next deployment"
                : "'\(imported.source)' (\(size)) is now '\(imported.directory)'").printable)
        for note in imported.notes { context.console.note(note.printable) }
    }
}

/// Data under a running stack is not replaced.
struct DataInUse: Actionable {
    let name: String
    let plan: ResolvedPlan
    var container: String?

    var message: String {
        container.map { "container '\($0)' of stack '\(plan.stack)' runs" }
            ?? "data directory '\(name)' is used by stack '\(plan.stack)', which is deployed"
    }
    var hint: String {
        "'fairlead teardown' makes this host containerless and keeps all data; then move the old data directory away, "
            + "import, and 'fairlead resume'"
    }
    var disposition: Disposition { .transient }
}
