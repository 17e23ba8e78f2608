internal import Model

/// Keeps a deployment from cutting its host off from where the next commit comes from: nobody could mend that by a commit.
struct LifelineCheck: Sendable {
    let lifeline: any Lifeline
    let plan: ResolvedPlan
    /// How long a git server that answered before may be silent.
    var patience: Duration
    var pause: Duration = .seconds(1)

    /// What speaks against the subnet that the plan names.
    func subnetProblems(_ needed: [NeededAddress]) -> [HostProblem] {
        plan.network.namedSubnets.flatMap { text, subnet in
            subnet.takes(of: needed).map { taken in
                HostProblem(
                    message: "subnet '\(text)' holds \(taken), which could not be reached any more",
                    hint: "choose another in 'network'")
            }
        }
    }

    /// Of the network as it is: where the plan names no subnet, the engine chooses.
    func check(_ subnets: [Subnet], _ needed: [NeededAddress]) throws {
        guard let taken = subnets.lazy.compactMap({ $0.takes(of: needed).first }).first else { return }
        throw DeploymentError(
            "the network of the stack holds \(taken), which cannot be reached any more",
            hint: "name another subnet in 'network' of the plan", disposition: .transient)
    }

    func isAnswering() async -> Bool { await lifeline.obstacleToRepository() == nil }

    /// Throws when the git server is silent for longer than the patience, since `cause`.
    func requireAnswer(since cause: String) async throws {
        let end = ContinuousClock.now + patience
        while let obstacle = await lifeline.obstacleToRepository() {
            try Task.checkCancellation()
            guard ContinuousClock.now < end else {
                throw DeploymentError(
                    "the git server does not answer any more since \(cause), so that no commit could mend it: \(obstacle)",
                    hint: "look at what the plan changes of the host's network, and at the server",
                    disposition: .transient)
            }
            try await Task.sleep(for: pause)
        }
        try Task.checkCancellation()
    }
}

extension DeploymentRun {
    var lifelineCheck: LifelineCheck {
        LifelineCheck(lifeline: ports.lifeline, plan: plan, patience: options.repositoryPatience)
    }

    /// Whether it is a commit that may cut the host off; what ran before is started again in any case.
    var asksRepository: Bool { request.trigger.purpose.followsBranch }

    /// Whether the kernel gets other parameters.
    private var changesKernel: Bool {
        plan.hostSettings?.sysctl ?? [:] != request.previous?.state.desired.plan.hostSettings?.sysctl ?? [:]
    }

    /// Resolved while the stack still runs: a name server that is silent costs no downtime.
    func neededAddresses() async -> [NeededAddress] {
        asksRepository ? await ports.lifeline.neededAddresses(for: plan) : []
    }

    /// The end of step 1. Returns whether the git server answers.
    func applyHostSettingsAnswering() async throws -> Bool {
        let isNeeded = asksRepository && (request.replacing == nil || changesKernel)
        let answers = isNeeded ? await lifelineCheck.isAnswering() : false
        try await applyHostSettings()
        if answers, changesKernel {
            try await lifelineCheck.requireAnswer(since: "the kernel's parameters are set")
        }
        return answers
    }

    /// The end of step 3, where the network was made anew; `answered`: the git server did in step 1.
    func checkLifeline(_ answered: Bool) async throws {
        guard answered, request.replacing == nil else { return }
        try await lifelineCheck.requireAnswer(since: "the stack's network and ports are there")
    }
}
