internal import ArgumentParser
internal import ContainerEngine
internal import Deploying
internal import Drill
internal import Files
internal import Journal
internal import Model
internal import Reconciling

struct Teardown: ContextCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop and remove the stack's containers and network; data stays.",
        discussion: """
            The host is suspended, so that the stack is not deployed again until 'fairlead resume'. Data directories \
            are never touched.

            Example: fairlead teardown --yes
            """)

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var options: ConfigurationOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let configuration = try options.load(context)
        guard yes || confirmed(context, configuration.host) else {
            context.console.note("nothing was done; '--yes' does it without asking")
            return .failure
        }
        let display = ProgressDisplay(context)
        return try await HostComposition.with(configuration, in: context, logger: display.logger) { host in
            let gate = host.gate("fairlead teardown")
            let journal = try await host.openJournal(gate)
            // First: else the daemon could deploy again as soon as the lock is free.
            let suspension = Suspension(reason: "torn down by 'fairlead teardown'", since: context.clock.now())
            try await PauseMarker(configuration).change(journal) { try await $0.suspend(suspension) }
            return try await display.during {
                try await gate.withExclusion(for: "tear down") {
                    let status = try await host.tearDown(journal, observer: display.observer)
                    try await host.reconciler(journal, gate: gate, observer: display.observer).forgetStack()
                    try await host.drillRunner(journal, gate: gate) { _ in }.recover()
                    return status
                }
            }
        }
    }

    private func confirmed(_ context: CommandContext, _ host: String) -> Bool {
        let answer = context.console.ask("tear down the stack of host '\(host)'? Data stays. [y/N] ")
        return ["y", "yes"].contains(answer?.lowercased() ?? "")
    }
}

extension HostComposition {
    /// Tears down every stack of which something is left; the caller holds the lock.
    fileprivate func tearDown(_ journal: Journal, observer: any DeploymentObserver) async throws -> ExitStatus {
        let requests = try await teardownRequests(journal)
        if requests.isEmpty { context.console.result("there is no stack on this host; suspended") }
        for request in requests {
            let result = try await deployer(journal, observer: observer).tearDown(request)
            guard result.outcome.standing.course == .fulfilled else {
                context.console.note("error: \(result.error.map { "\($0)".printable } ?? result.outcome.rawValue)")
                return .failure
            }
            context.console.result("'\(request.desired.plan.stack)' is torn down and suspended; data stays")
        }
        return .success
    }

    private func teardownRequests(_ journal: Journal) async throws -> [DeploymentRequest] {
        let deployed = try await journal.deployedState()
        let unfinished = try await journal.unfinishedDeployment()
        let tip = try await journal.lastSeen()
        guard let commit = deployed?.commit ?? unfinished?.commit ?? tip?.commit.id else { return [] }
        let known = Dictionary(deployed.map { [($0.desired.plan.stack, $0.desired)] } ?? []) { first, _ in first }
        let left = try await engine.containers(label: FairleadLabel.stack, value: nil)
        var stacks = Set(known.keys).union(left.compactMap { $0.labels[FairleadLabel.stack] })
        let down = deployed == nil ? try await journal.downSince() : nil
        // What was cut off, or is down since it failed, with nothing left of it is closed as well: it is meant to be down.
        if stacks.isEmpty, unfinished != nil || down != nil, let stack = try await lastStack(journal) {
            stacks = [stack]
        }
        return stacks.sorted().enumerated().map { index, stack in
            var request = DeploymentRequest(
                desired: known[stack] ?? .empty(stack, host: configuration.host), commit: commit, secrets: Secrets(),
                trigger: .teardown, previous: deployed.map { PreviousStack(state: $0, secrets: nil) },
                recovering: index == 0 ? unfinished : nil)
            if index == 0, let down { request.continueOutage(down) { max(.zero, context.clock.now().since($0)) } }
            return request
        }
    }

    /// The one that served last, else the one that was to.
    private func lastStack(_ journal: Journal) async throws -> String? {
        if let last = try await journal.lastDeployedPlan() { return last.stack }
        guard let newest = try await journal.deployments(limit: 1).first else { return nil }
        return try await journal.plan(of: newest.id)?.plan["stack"]?.string
    }
}

extension DesiredState {
    /// What is left of a stack whose plan is not known any more.
    fileprivate static func empty(_ stack: String, host: String) -> Self {
        Self(plan: ResolvedPlan(stack: stack, version: "", host: host, containers: [:]))
    }
}
