internal import ArgumentParser
internal import Deploying
internal import Files
internal import Journal
internal import Model
internal import Reconciling

struct MaintenanceEnd: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "end", abstract: "Start the deployed plan again, verify it, and lift maintenance.",
        discussion: """
            Starts the plan that was deployed last, in order, each container through its health check; the git server is \
            not needed. If one of them does not become healthy, the host stays in maintenance.

            Exit status: 0 the stack is healthy, 1 it is not.

            Example: fairlead maintenance end
            """)

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        return try await HostComposition.with(options.load(context), in: context, logger: display.logger) { host in
            let gate = host.gate("fairlead maintenance end")
            let journal = try await host.openJournal(gate)
            return try await display.during {
                try await gate.withExclusion(for: "start the stack") {
                    let suspension = try await journal.suspension()
                    if let suspension, suspension.kind.standing.isFault { return context.refuse(suspension) }
                    guard suspension?.kind == .maintenance else {
                        context.console.note("no maintenance has begun")
                        return .success
                    }
                    return try await end(journal, host, gate, display)
                }
            }
        }
    }

    /// The caller holds the lock.
    private func end(
        _ journal: Journal, _ host: HostComposition, _ gate: HostGate, _ display: ProgressDisplay
    ) async throws -> ExitStatus {
        let console = host.context.console
        do {
            let reconciler = try host.reconciler(journal, gate: gate, observer: display.observer)
            let result = try await reconciler.startAfterMaintenance()
            if let id = result?.deployment, let record = try await journal.deployment(id: id) {
                for line in record.containerLines { console.result(line) }
            }
            if let error = result?.error { throw error }
            try await PauseMarker(host.configuration).change(journal) { try await $0.lift(.maintenance) }
            console.result("maintenance ended; " + (result == nil ? "nothing is deployed" : "the stack is healthy"))
        } catch let error where !(error is CancellationError) {
            console.note("the host stays in maintenance; mend what follows, then run 'fairlead maintenance end' again")
            throw error
        }
        if let suspension = try await journal.suspension() {
            console.note("still suspended: \(suspension.reason); \(suspension.ending)".printable)
        }
        return .success
    }
}

extension DeploymentRecord {
    /// How far each container came.
    fileprivate var containerLines: [String] {
        var table = TextTable(indentation: 2)
        for (name, records) in Dictionary(grouping: containers, by: \.container).sorted(by: { $0.key < $1.key }) {
            table.add(.init(name.printable), .init(records.last?.phase.words ?? ""))
        }
        return table.lines
    }
}

extension ContainerRecord.Phase {
    fileprivate var words: String {
        switch self {
        case .healthy: "healthy"
        case .started: "started, but not healthy yet"
        case .failed: "not healthy"
        case .imageReady, .stopped, .removed, .created: "not started"
        }
    }
}
