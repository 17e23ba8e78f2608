internal import Deploying
internal import Logging
internal import Planning

extension Reconciler {
    /// Finishes what a crash cut off. Works without the repo's server.
    func finishCutOff() async throws {
        guard try await journal.unfinishedDeployment() != nil else { return }
        try await exclusively(for: "recover") {
            // Read again under the lock: until now it may have been another process's running deployment.
            while let cutOff = try await journal.unfinishedDeployment() {
                guard try await recover(cutOff) else { return }
            }
        }
    }

    /// Returns false when it has to be left for the cycle, which may bring what is missing.
    func recover(_ cutOff: DeploymentRecord) async throws -> Bool {
        logger.warning(
            "a deployment was cut off",
            metadata: [
                "deployment": "\(cutOff.id)", "step": "\(cutOff.lastStep)", "commit": "\(cutOff.commit?.short ?? "")",
            ])
        guard cutOff.mayHaveTouchedStack else {
            try await deployer.closeUntouched(cutOff, previous: requests.previousStack(journal.deployedState()))
            logger.notice("nothing had been touched", metadata: ["deployment": "\(cutOff.id)"])
            return true
        }
        let deployed = try await journal.deployedState()
        // A start of the saved plan is compared and tried again too: it never ends containerless.
        if cutOff.trigger == .drift || cutOff.trigger.startsSavedPlan {
            try await deployer.closeRepair(cutOff, requests.previousStack(deployed))
            return true
        }
        if cutOff.trigger == .rollBack {
            try await operatorRollBack.finish(cutOff)
            return true
        }
        guard let commit = cutOff.commit,
            let candidate = try? await reader.candidate(
                at: commit, deployed: deployed, lastDeployed: journal.lastDeployedPlan())
        else { return false }
        var request = try await requests.request(
            for: candidate, trigger: cutOff.trigger == .teardown ? .teardown : .recovery, deployed: deployed)
        request.recovering = cutOff
        request.continueOutage(of: cutOff, outages.timeSince)
        if cutOff.planDigest == candidate.desired.digest { request.knownImages = cutOff.images }
        if cutOff.trigger == .teardown {
            _ = try await deployer.tearDown(request)
        } else {
            _ = try await deploy(request, attempts: 0)
        }
        return true
    }

    /// Starts the saved plan anew and passes it through the health gate; needs no git server.
    ///
    /// `since`: when an operator stopped it.
    func startSaved(
        _ deployed: DeployedState, after trigger: DeploymentTrigger, hasStrays: Bool = false, since: Timestamp? = nil
    ) async throws -> DeploymentResult {
        var request = try await requests.savedRequest(deployed, trigger: trigger)
        request.hasStrays = hasStrays
        request.downBefore = since.map(outages.timeSince)
        let result = try await deployer.deploy(outages.known(to: request))
        guard result.error == nil else { return result }
        try await journal.forgetFailures(of: .boot(deployed.desired.digest))
        try await journal.setBootID(options.bootID)
        return result
    }
}

extension DeploymentRecord {
    /// Whether containers may have been stopped or started by it.
    var mayHaveTouchedStack: Bool {
        steps.contains { $0.step.touchesContainers } || [.recovery, .teardown].contains(trigger)
            || trigger.startsSavedPlan
    }
}
