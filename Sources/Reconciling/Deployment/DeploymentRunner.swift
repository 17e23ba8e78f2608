internal import Deploying
internal import Logging
internal import Model
internal import Planning

/// Runs deployments, and remembers how they ended.
struct DeploymentRunner: Sendable {
    typealias Memory = ReconcilerJournal & HostMemory & FailureMemory

    let deployer: Deployer
    let memory: any Memory
    let requests: RequestWriter
    let watch: NewerCommitWatch
    let observer: StackObserver

    private var incidents: LoopIncidents { observer.incidents }
    private var failures: FailureLog { observer.failures }
    private var outages: Outages { observer.outages }

    /// Runs a deployment while the repo is watched for a commit that overtakes it, and remembers how it ended.
    func deploy(_ request: DeploymentRequest, attempts: Int) async throws -> DeploymentResult {
        let result = try await overtakable(request)
        try await remember(result, of: request, attempts: attempts + 1)
        return result
    }

    /// Remembers nothing of how it ended.
    func overtakable(_ request: DeploymentRequest) async throws -> DeploymentResult {
        let request = outages.added(to: request)
        let preemption = Preemption()
        return try await withThrowingTaskGroup(of: DeploymentResult?.self) { group in
            group.addTask { try await deployer.deploy(request, preemption: preemption) }
            group.addTask {
                await watch.watch(for: request, preemption)
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let result = finished { return result }
            }
            throw CancellationError()
        }
    }

    /// Starts the saved plan anew and passes it through the health gate; needs no git server.
    ///
    /// `since`: since when it is down, where an operator stopped it.
    func startSaved(
        _ deployed: DeployedState, after trigger: DeploymentTrigger, hasStrays: Bool = false, since: OutageBegin? = nil
    ) async throws -> DeploymentResult {
        var request = try await requests.savedRequest(deployed, trigger: trigger)
        request.hasStrays = hasStrays
        if let since {
            request.downBefore = outages.timeSince(since.latest)
            if !since.isExact {
                request.outages = [PlanChange(subject: "stack", kind: .changed, text: since.words, down: since)]
            }
        }
        let result = try await deployer.deploy(outages.added(to: request))
        guard result.error == nil else { return result }
        try await memory.forgetFailures(of: .boot(deployed.desired.digest))
        try await memory.setBootID(observer.bootID)
        return result
    }

    private func remember(_ result: DeploymentResult, of request: DeploymentRequest, attempts: Int) async throws {
        let standing = result.outcome.standing
        if standing.isFailure {
            try await rememberFailure(result, of: request, attempts: attempts)
        } else if standing.isDeployed {
            try await rememberSuccess(result, of: request)
        } else {
            try await memory.setVerdict(
                standing.verdict, note: nil, deployment: result.deployment, of: request.commit)
        }
    }

    private func rememberSuccess(_ result: DeploymentResult, of request: DeploymentRequest) async throws {
        try await memory.forgetFailures(of: nil)
        try await requests.moves.setIncomingMove(nil)
        try await memory.setBootID(observer.bootID)
        try await memory.setVerdict(
            result.outcome.standing.verdict, note: Self.summary(of: request.changes), deployment: result.deployment,
            of: request.commit)
        try await memory.noteCarried(CarriedChanges(request.changes, in: request.commit).notes, by: result.deployment)
        try await incidents.deploymentSucceeded(request, result)
        try await observer.reportWhole()
    }

    private func rememberFailure(
        _ result: DeploymentResult, of request: DeploymentRequest, attempts: Int
    ) async throws {
        guard let error = result.error else { return }
        let standing = result.outcome.standing
        // First: a plan that is remembered is not tried again, and nobody would hear of it after a crash.
        if isTold(error, of: request, standing, attempts: attempts) {
            try await incidents.deploymentFailed(request, result)
        }
        let isDeployed = try await memory.deployedState() != nil
        try await failures.remember(
            error, key: .plan(request.desired.digest), commit: request.commit, attempts: attempts,
            stopsStack: standing.stack == .previous, nothingRuns: standing.stack != .untouched && !isDeployed)
        try await memory.setVerdict(
            standing.verdict, note: error.withoutLog, deployment: result.deployment, of: request.commit)
        if standing.failedContainerless { try await observer.drift.forgetStack() }
    }

    /// What passes by itself while the version of before serves is nobody's concern until it lasts; 'status' has it at once.
    private func isTold(
        _ error: DeploymentError, of request: DeploymentRequest, _ standing: DeploymentOutcome.Standing, attempts: Int
    ) -> Bool {
        guard standing.stack == .untouched, error.mayPass, !error.lasts, request.previous != nil
        else { return true }
        return failures.retry.isLasting(after: attempts)
    }

    private static func summary(of changes: [PlanChange]) -> String {
        switch changes.count {
        case 0: "nothing differs"
        case 1: "1 change"
        default: "\(changes.count) changes"
        }
    }
}
