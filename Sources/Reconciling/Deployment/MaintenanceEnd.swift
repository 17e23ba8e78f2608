internal import Deploying
internal import Model

/// The end of maintenance, in which an operator had stopped the stack.
struct MaintenanceEnd: Sendable {
    let memory: any ReconcilerJournal & FailureMemory & DriftMemory
    let recovery: Recovery
    let runner: DeploymentRunner

    /// Starts what maintenance stopped: the saved plan, whatever of it runs, after a deployment that was cut off is
    /// finished. `nil` when nothing counts as deployed. The caller holds the lock.
    func start() async throws -> DeploymentResult? {
        var unfinished: DeploymentRecord?
        while let next = try await memory.unfinishedDeployment() {
            guard try await recovery.recover(next) else { throw DeploymentError.lostCommit(of: next) }
            // Of one that had touched nothing there was nothing to finish.
            if next.mayHaveTouchedStack { unfinished = next }
        }
        guard let deployed = try await memory.deployedState() else {
            if let unfinished, !unfinished.trigger.purpose.takesDown { throw DeploymentError.notRecovered(unfinished) }
            return nil
        }
        if let unfinished, deployed.deployment > unfinished.id {
            return DeploymentResult(deployment: deployed.deployment, outcome: .deployed)
        }
        let maintenance = try await memory.suspension().flatMap { $0.kind == .maintenance ? $0 : nil }
        return try await runner.startSaved(
            deployed, after: .maintenance, since: try await downSince(stopped: maintenance?.since))
    }

    /// What was down before an operator stopped the stack stays down for all of that time too.
    private func downSince(stopped: Timestamp?) async throws -> OutageBegin? {
        guard let stopped else { return nil }
        let known = try await memory.openDrift().filter { $0.finding.effect?.isDown == true }.compactMap(\.begin)
        return OutageBegin.first(of: known.filter { $0.latest < stopped }) ?? OutageBegin(at: stopped)
    }
}

extension DeploymentError {
    fileprivate static func lostCommit(of unfinished: DeploymentRecord) -> Self {
        DeploymentError(
            "deployment \(unfinished.id) was cut off, and its commit cannot be read any more",
            hint: "'fairlead teardown --yes', 'fairlead maintenance end' and 'fairlead resume' deploy the tip anew",
            disposition: .permanent)
    }

    fileprivate static func notRecovered(_ unfinished: DeploymentRecord) -> Self {
        DeploymentError(
            "deployment \(unfinished.id) was cut off, and finishing it failed; "
                + "the host is containerless, data untouched",
            hint: "see 'fairlead history'; after the end of maintenance the next commit, or 'fairlead retry', deploys",
            disposition: .permanent)
    }
}
