internal import ArgumentParser
internal import Backup
internal import Deploying
internal import Files
internal import HostSystem
internal import Journal
internal import Model
internal import Reconciling

struct Rollback: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring plan and data of before a deployment back.",
        discussion: """
            The plan is started from the images that are still on this host, on the copy of its data that was made before \
            the deployment. The data until now is set aside, not deleted. Neither a registry nor a git server is asked. \
            What was rolled back is not deployed again by itself: revert the commits that it names in the repo, or run \
            'fairlead retry'.

            Exit status: 0 rolled back, 1 nothing was done, 3 refused (nothing was touched), 4 the plan of before \
            did not start.

            Example: fairlead rollback --list
            Example: fairlead rollback --yes
            """)

    @Option(help: ArgumentHelp("Bring back what this deployment had deployed.", valueName: "deployment"))
    var to: Int64?

    @Flag(help: "Only list the copies that can be brought back.")
    var list = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let display = ProgressDisplay(context)
        return try await HostComposition.with(options.load(context), in: context, logger: display.logger) { host in
            try await host.checkSightOfCopies()
            if list {
                try context.write(
                    SnapshotListReport(try await host.snapshots.snapshots(), places: host.snapshots),
                    as: output.output)
                return .success
            }
            let gate = host.gate("fairlead rollback")
            let journal = try await host.openJournal(gate)
            if let hold = try await hold(journal) { return context.refuse(hold) }
            try await awaitDeployment(gate, journal, context)
            let rollBack = try host.reconciler(journal, gate: gate, observer: display.observer).operatorRollBack
            let wanted = try await wanted(journal)
            let shown = try await rollBack.target(wanted)
            for line in shown.preview(context.chatterStyle) { context.console.note(line) }
            guard yes || confirmed(context) else {
                context.console.note("nothing was done; '--yes' does it without asking")
                return .failure
            }
            let result = try await display.during {
                try await gate.withExclusion(for: "roll back") {
                    if let hold = try await hold(journal) { throw HeldMeanwhile(hold: hold) }
                    let target = try await rollBack.target(wanted)
                    guard target.snapshot.run == shown.snapshot.run else { throw SnapshotsChanged() }
                    return try await rollBack.run(target)
                }
            }
            return tell(result, shown, context)
        }
    }

    /// The copy that a deployment makes of the data is not there until it has made it, and then it is the newest.
    private func awaitDeployment(_ gate: HostGate, _ journal: Journal, _ context: CommandContext) async throws {
        guard try await journal.unfinishedDeployment() != nil, let holder = LockHolder.read(at: gate.path) else {
            return
        }
        context.console.note(
            "waiting for the end of the deployment that '\(holder.command)' runs (process \(holder.process))".printable)
        try await gate.withExclusion(for: "wait for a deployment") {}
    }

    /// What keeps this host from starting its stack: a maintenance, another machine, or the other host that has it now.
    private func hold(_ journal: Journal) async throws -> Suspension? {
        guard let suspension = try await journal.suspension(), !suspension.kind.standing.leavesStack else { return nil }
        return suspension
    }

    private func wanted(_ journal: Journal) async throws -> (deployment: Int64, planDigest: String?)? {
        guard let to else { return nil }
        return (to, try await journal.deployment(id: to)?.planDigest)
    }

    private func confirmed(_ context: CommandContext) -> Bool {
        ["y", "yes"].contains(context.console.ask("roll back? [y/N] ")?.lowercased() ?? "")
    }

    private func tell(_ result: DeploymentResult, _ target: RollBackTarget, _ context: CommandContext) -> ExitStatus {
        guard result.outcome.standing.isDeployed else {
            let report = result.error.map { ErrorReport($0) } ?? ErrorReport(error: result.outcome.rawValue)
            for line in report.lines(context.chatterStyle) { context.console.note(line) }
            return result.outcome.statusOfFailure
        }
        let version = target.state.desired.plan.version
        context.console.result("#\(result.deployment) rolled back to \(version), with its data".printable)
        if let wayBack = target.wayBack, let tip = target.tip {
            context.console.note(
                "the branch still asks for \(tip.commit.words): \(wayBack.printable); until then it is not deployed "
                    + "again, unless 'fairlead retry' says so")
        }
        return .success
    }
}

extension RollBackTarget {
    /// What will happen, and what is lost.
    func preview(_ style: TextStyle) -> [String] {
        let plan = state.desired.plan
        let now = deployed.map { "\($0.desired.plan.version) (deployment \($0.deployment))" } ?? "nothing"
        let age = SpokenDuration.text(
            milliseconds: style.clock.now().since(snapshot.run.moment).wholeMilliseconds)
        var lines = [
            "roll back of '\(plan.stack)'",
            "  from  \(now)",
            "  to    \(plan.version) (deployment \(state.deployment), commit \(state.commit.short))",
            "  data  run \(snapshot.run), \(style.time(snapshot.run.moment)), \(age) ago: \(snapshot.volumes.quoted)",
            "  what was written since is not in it; \(whereaboutsOfNow)",
        ]
        if !snapshot.leftOut.isEmpty { lines.append("  left as it is: \(snapshot.leftOut.quoted)") }
        return lines.map(\.printable)
    }

    /// Of the data that the newer version wrote.
    private var whereaboutsOfNow: String {
        guard let now = deployed?.desired.plan.stack, now != snapshot.stack else {
            return "the data as it is now is set aside"
        }
        return "the data as it is now stays where it is, with stack '\(now)'"
    }
}

/// Another command held the host back between the question and the answer.
struct HeldMeanwhile: Actionable {
    let hold: Suspension

    var message: String { "cannot roll back: held back meanwhile: \(hold.reason)" }
    var hint: String { hold.ending }
    var disposition: Disposition { .permanent }
}

/// The copies of the data changed between the question and the answer.
struct SnapshotsChanged: Actionable {
    var message: String { "cannot roll back: a deployment ran meanwhile, and another copy is the newest now" }
    var hint: String { "run 'fairlead rollback' again, and look at what it shows" }
    var disposition: Disposition { .permanent }
}
