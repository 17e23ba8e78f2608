internal import Deploying
internal import Logging
internal import Planning

extension Reconciler {
    /// Runs a deployment while the repo is watched for a commit that overtakes it, and remembers how it ended.
    func deploy(_ request: DeploymentRequest, attempts: Int) async throws -> DeploymentResult {
        let result = try await overtakable(request)
        try await remember(result, of: request, attempts: attempts + 1)
        return result
    }

    /// Remembers nothing of how it ended.
    func overtakable(_ request: DeploymentRequest) async throws -> DeploymentResult {
        let request = outages.known(to: request)
        let preemption = Preemption()
        return try await withThrowingTaskGroup(of: DeploymentResult?.self) { group in
            group.addTask { try await deployer.deploy(request, preemption: preemption) }
            group.addTask {
                await watch(for: request, preemption)
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }

    /// Asks for pre-emption when the branch moves to a commit with another plan; returns then, or when cancelled.
    private func watch(for request: DeploymentRequest, _ preemption: Preemption) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: options.interval)
                let tip = try await source.remoteTip()
                guard tip.commit != request.commit else { continue }
                try await source.fetch(tip)
                try await gate.check(tip.commit, deployed: try await journal.deployedState()?.commit)
                let newer = try await reader.candidate(at: tip.commit, deployed: nil)
                guard newer.desired != request.desired else { continue }
                // Nothing would follow what it overtakes.
                guard try await !failures.isHeldBack(.plan(newer.desired.digest)) else { continue }
                logger.notice("a newer commit overtakes the deployment", metadata: ["commit": "\(tip.commit.short)"])
                return preemption.request()
            } catch {
                // An unreachable repo or a broken newer plan is no reason to stop a deployment that goes well.
                logger.debug("no newer plan", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func remember(_ result: DeploymentResult, of request: DeploymentRequest, attempts: Int) async throws {
        switch result.outcome {
        case .deployed:
            try await journal.forgetFailures(of: nil)
            try await takeOvers.setTakeOver(nil)
            try await journal.setBootID(options.bootID)
            try await journal.setVerdict(
                .deployed, note: Self.summary(of: request.changes), deployment: result.deployment, of: request.commit)
            try await journal.noteCarried(
                CarriedChanges(request.changes, in: request.commit).notes, by: result.deployment)
            try await incidents.deploymentSucceeded(request, result)
            try await tellWhole()
        case .interrupted, .tornDown:
            try await journal.setVerdict(
                .superseded, note: nil, deployment: result.deployment, of: request.commit)
        case .refused, .containerless, .previous, .broken:
            guard let error = result.error else { return }
            // First: a plan that is remembered is not tried again, and nobody would hear of it after a crash.
            if isTold(error, of: request, result.outcome, attempts: attempts) {
                try await incidents.deploymentFailed(request, result)
            }
            let isDeployed = try await journal.deployedState() != nil
            try await failures.remember(
                error, key: .plan(request.desired.digest), commit: request.commit, attempts: attempts,
                stopsStack: result.outcome == .previous,
                nothingRuns: result.outcome != .refused && !isDeployed)
            try await journal.setVerdict(
                result.outcome == .refused ? .refused : .rolledBack, note: error.withoutLog,
                deployment: result.deployment,
                of: request.commit)
            if result.outcome == .containerless { try await forgetStack() }
        }
    }

    /// What passes by itself while the version of before serves is nobody's concern until it lasts; 'status' has it at once.
    private func isTold(
        _ error: DeploymentError, of request: DeploymentRequest, _ outcome: DeploymentOutcome, attempts: Int
    ) -> Bool {
        guard outcome == .refused, error.disposition == .transient, !error.lasts, request.previous != nil else {
            return true
        }
        return options.retry.isLasting(after: attempts)
    }

    private static func summary(of changes: [PlanChange]) -> String {
        switch changes.count {
        case 0: "nothing differs"
        case 1: "1 change"
        default: "\(changes.count) changes"
        }
    }
}
