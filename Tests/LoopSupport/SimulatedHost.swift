public import Deploying
public import Model

/// A host whose directories, settings and cron jobs are always as they are asked to be, and which has no backups.
public struct SimulatedHost: Sendable {
    let calls: Calls

    public init(calls: Calls) { self.calls = calls }
}

extension SimulatedHost: HostPreparation {
    public func problems(for plan: ResolvedPlan, secrets: Secrets) -> [HostProblem] { [] }

    public func createDataDirectories(for plan: ResolvedPlan) throws -> [String] {
        try calls.enter("createDataDirectories")
        return []
    }

    public func directory(of volume: VolumePlan, in plan: ResolvedPlan) -> String { "/var/lib/simulated" }

    public func writeSecretFiles(for plan: ResolvedPlan, secrets: Secrets) throws -> [String: [String: String]] {
        try calls.enter("writeSecretFiles")
        return [:]
    }

    public func syncEngineStorage() throws { try calls.enter("syncEngineStorage") }
}

extension SimulatedHost: HostSettingsControl, JobControl {
    public func applyHostSettings(_ settings: HostSettings?, for deployment: Int64) throws -> [String] {
        try calls.enter("applyHostSettings")
        return []
    }

    public func restoreHostSettings() throws { try calls.enter("restoreHostSettings") }
    public func keepHostSettings(of deployment: Int64) throws { try calls.enter("keepHostSettings") }
    public func keepMounts(of plan: ResolvedPlan?) throws { try calls.enter("keepMounts") }

    public func problems(of plan: ResolvedPlan) -> [HostProblem] { [] }

    public func installJobs(
        for plan: ResolvedPlan, commit: CommitID, deployment: Int64, secrets: Secrets, replaced: Set<String>
    ) throws -> [String] {
        try calls.enter("installJobs")
        return []
    }

    public func removeJobs(of plan: ResolvedPlan, commit: CommitID, deployment: Int64) throws {
        try calls.enter("removeJobs")
    }
}

extension SimulatedHost: BridgeControl {
    public func bridge(named name: String) -> BridgeStatus? { nil }
    public func removeBridge(named name: String) {}
    public func readdressBridge(named name: String, _ addresses: [String]) {}
}

extension SimulatedHost: TreeExport {
    public func tree(of commit: CommitID) throws -> String {
        try calls.enter("tree")
        return "/var/lib/simulated/\(commit.hex)"
    }

    public func keepOnly(_ commits: Set<CommitID>) throws { try calls.enter("keepOnly") }
}

extension SimulatedHost: ReleaseFiles {
    public func prepareReleaseFiles(
        for names: Set<String>, of plan: ResolvedPlan, secrets: Secrets, note: @escaping @Sendable (String) -> Void
    ) throws { try calls.enter("prepareReleaseFiles") }

    public func keepReleaseFiles(of versions: Set<String>) throws { try calls.enter("keepReleaseFiles") }
}

extension SimulatedHost: Lifeline {
    public func neededAddresses(for plan: ResolvedPlan) -> [NeededAddress] { [] }
    public func obstacleToRepository() -> String? { nil }
}

extension SimulatedHost: DeploymentObserver {
    public func deployment(_ event: DeploymentEvent) {}
}
