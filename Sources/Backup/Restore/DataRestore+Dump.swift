public import Files
internal import HostSystem
public import Model
internal import Processes

extension DataRestore {
    /// Has `container`, which is healthy, load the dumps that wait for it. Returns what it loaded.
    public func loadDumps(into container: String, of plan: ResolvedPlan) async throws(HostError) -> [PlanChange] {
        var loaded: [PlanChange] = []
        for dump in try waiting(for: container, of: plan) {
            try await load(dump, in: plan.hostName(of: container))
            loaded.append(dump.staged.change("loaded", dump.origin, at: now()))
        }
        return loaded
    }

    /// The container is healthy with what it loaded: that is the customer's data from now on.
    public func keepLoaded(into container: String, of plan: ResolvedPlan) async throws(HostError) {
        for dump in try waiting(for: container, of: plan) {
            try await host.syncFileSystem(of: dump.staged.directory)
            // The mark first: without it what is in the directory counts.
            try RestoreMark.remove(for: dump.staged.directory)
            try await remove(dump.staged)
        }
    }

    private struct WaitingDump {
        let staged: StagedData
        let origin: StagedData.Origin
        let command: [String]
    }

    private func waiting(for container: String, of plan: ResolvedPlan) throws(HostError) -> [WaitingDump] {
        var waiting: [WaitingDump] = []
        for staged in try staged(of: plan.stack) {
            guard let origin = staged.origin(), origin.archive.content == .dump,
                try RestoreMark.isSet(for: staged.directory)
            else { continue }
            let load = try DumpLoad(of: staged.name, origin.archive, in: plan)
            guard load.container == container else { continue }
            waiting.append(WaitingDump(staged: staged, origin: origin, command: load.command))
        }
        return waiting
    }

    private func load(_ dump: WaitingDump, in container: String) async throws(HostError) {
        let plain = await host.engineProgram().product.traits.program.plainInput
        // All that is said goes where the end of it is kept.
        var command = try await host.engineCommand(
            ["exec", "--interactive"] + plain + [container] + dump.command,
            by: ["-c", #"exec "$@" <"$0" >&2"#, dump.staged.dump])
        command.deadline = .seconds(24 * 3600)
        do throws(CommandFailure) {
            _ = try await command.run()
        } catch {
            throw Self.notLoaded(dump.staged.name, container, error)
        }
    }

    private static func notLoaded(_ name: String, _ container: String, _ failure: CommandFailure) -> HostError {
        guard case .exited(let status) = failure.reason else {
            return HostError("the dump of data directory '\(name)' was not loaded: \(failure)", disposition: .transient)
        }
        let said = failure.tail.isEmpty ? "it said nothing" : "its last lines: \(failure.tail)"
        return HostError(
            "container '\(container)' cannot load the dump of data directory '\(name)' (exit status \(status)); \(said)",
            hint: "correct 'load' of that volume's 'backup' and commit; or choose another dump, with 'restore' in the "
                + "plan or 'fairlead import'")
    }
}
