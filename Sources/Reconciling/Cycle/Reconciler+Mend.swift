internal import Deploying
internal import Logging
internal import Planning

extension Reconciler {
    /// Finishes what a crash cut off, and brings a stack back that does not stand as it was left.
    /// Works without the repo's server.
    func mendStack(checking: Bool) async throws {
        guard try await journal.unfinishedDeployment() != nil || checking else { return }
        try await exclusively(for: "recover") {
            // Read again under the lock: until now it may have been another process's running deployment.
            while let cutOff = try await journal.unfinishedDeployment() {
                guard try await recover(cutOff) else { return }
            }
            if checking { try await establishIfNeeded() }
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
            try await deployer.closeUntouched(cutOff, previous: previousStack(journal.deployedState()))
            logger.notice("nothing had been touched, the stack runs on", metadata: ["deployment": "\(cutOff.id)"])
            return true
        }
        let deployed = try await journal.deployedState()
        guard let commit = cutOff.commit,
            let candidate = try? await reader.candidate(at: commit, deployed: deployed)
        else { return false }
        var request = try await request(
            for: candidate, trigger: cutOff.trigger == .teardown ? .teardown : .recovery, deployed: deployed)
        request.recovering = cutOff
        if cutOff.planDigest == candidate.desired.digest { request.knownImages = cutOff.images }
        if cutOff.trigger == .teardown {
            _ = try await deployer.tearDown(request)
        } else {
            _ = try await deploy(request, attempts: 0)
        }
        return true
    }

    /// Starts the saved plan again when the host booted, or when a container is missing or down.
    private func establishIfNeeded() async throws {
        guard let deployed = try await journal.deployedState() else { return try await forgetFailures(ofBoot: true) }
        let missing = try await missingContainers(of: deployed)
        guard !missing.isEmpty else {
            try await forgetFailures(ofBoot: true)
            try await incidents.bootSucceeded(deployed)
            return try await journal.setBootID(options.bootID)
        }
        let key = FailedPlan.bootKey(of: deployed.desired)
        let failure = try await journal.failures().first { $0.planDigest == key }
        if let failure, failure.nextAttempt.map({ $0 > now() }) ?? true { return }
        logger.notice(
            "the stack does not stand as it was left, the saved plan is established again",
            metadata: ["missing": "\(missing.joined(separator: ", "))"])
        try await establish(deployed, key: key, attempts: (failure?.attempts ?? 0) + 1)
    }

    private func missingContainers(of deployed: DeployedState) async throws -> [String] {
        let plan = deployed.desired.plan
        let running = try await containers.containers(label: FairleadLabel.stack, value: plan.stack)
            .filter { $0.state == .running }
        let names = Set(running.compactMap { $0.labels[FairleadLabel.container] })
        return plan.containers.keys.filter { !names.contains($0) }.sorted()
    }

    private func establish(_ deployed: DeployedState, key: String, attempts: Int) async throws {
        do {
            if let error = try await startSaved(deployed).error { throw error }
            try await incidents.bootSucceeded(deployed)
        } catch let error where !(error is CancellationError) {
            logger.error("the saved plan could not be established", metadata: ["error": "\(error)"])
            try await incidents.bootFailed(deployed, error)
            // It has run before, on this data: a cause that may pass is waited for without end.
            try await remember(
                error, digest: key, commit: deployed.commit, attempts: min(attempts, options.retry.attempts - 1))
        }
    }

    /// Starts the saved plan anew and passes it through the health gate; needs no git server.
    func startSaved(_ deployed: DeployedState) async throws -> DeploymentResult {
        let candidate = try await reader.candidate(at: deployed.commit, deployed: deployed)
        var request = try await request(for: candidate, trigger: .boot, deployed: deployed)
        // The saved plan is what was proven; the commit is read for its secrets only.
        request.desired = deployed.desired
        request.knownImages = deployed.images
        let result = try await deployer.deploy(request)
        guard result.error == nil else { return result }
        try await journal.forgetFailures(of: FailedPlan.bootKey(of: deployed.desired))
        try await journal.setBootID(options.bootID)
        return result
    }
}

extension DeploymentRecord {
    /// Whether containers may have been stopped or started by it.
    var mayHaveTouchedStack: Bool {
        steps.contains { $0.step.touchesContainers } || [.recovery, .boot, .teardown].contains(trigger)
    }
}
