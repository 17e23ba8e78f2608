internal import Deploying
internal import Logging
internal import Model
internal import Planning

/// Finishes what a crash cut off. Works without the repo's server.
struct Recovery: Sendable {
    let memory: any ReconcilerJournal & HostMemory
    let deployer: Deployer
    let runner: DeploymentRunner
    let rollBack: OperatorRollBack
    let exclusive: ExclusiveWork
    let logger: Logger

    private var requests: RequestWriter { runner.requests }
    private var reader: CandidateReader { requests.reader }
    private var outages: Outages { requests.outages }

    func finish(_ state: HostState) async throws {
        guard state.unfinished != nil else { return }
        try await exclusive.run(for: "recover") { _ in
            // Read again under the lock: until now it may have been another process's running deployment.
            while let unfinished = try await memory.unfinishedDeployment() {
                guard try await recover(unfinished) else { return }
            }
        }
    }

    /// Returns false when it has to be left for the cycle, which may bring what is missing.
    func recover(_ unfinished: DeploymentRecord) async throws -> Bool {
        logger.warning(
            "a deployment was cut off",
            metadata: [
                "deployment": "\(unfinished.id)", "step": "\(unfinished.lastStep)",
                "commit": "\(unfinished.commit?.short ?? "")",
            ])
        guard unfinished.mayHaveTouchedStack else {
            try await deployer.closeUntouched(unfinished, previous: requests.previousStack(memory.deployedState()))
            logger.notice("nothing had been touched", metadata: ["deployment": "\(unfinished.id)"])
            return true
        }
        let purpose = unfinished.trigger.purpose
        let deployed = try await memory.deployedState()
        // A start of the saved plan is compared and tried again too: it never ends containerless.
        if purpose.restarts {
            try await deployer.closeRepair(unfinished, requests.previousStack(deployed))
            return true
        }
        if purpose.rollsBack {
            try await rollBack.finish(unfinished)
            return true
        }
        guard let commit = unfinished.commit,
            let candidate = try? await reader.candidate(
                at: commit, deployed: deployed, lastDeployed: memory.lastDeployedPlan())
        else { return false }
        var request = try await requests.request(
            for: candidate, trigger: purpose.takesDown ? .teardown : .recovery, deployed: deployed)
        request.recovering = unfinished
        request.continueOutage(of: unfinished, outages.timeSince)
        if unfinished.planDigest == candidate.desired.digest { request.knownImages = unfinished.images }
        if purpose.takesDown {
            _ = try await deployer.tearDown(request)
        } else {
            _ = try await runner.deploy(request, attempts: 0)
        }
        return true
    }
}

extension DeploymentRecord {
    /// Whether containers may have been stopped or started by it.
    var mayHaveTouchedStack: Bool {
        steps.contains { $0.step.touchesContainers } || trigger.purpose.mayTouchUnseen
    }
}
