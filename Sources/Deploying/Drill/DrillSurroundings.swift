internal import Model

/// The places that a drill works in, and what it leaves alone of everything that a deployment writes: the journal, the
/// host's settings, its cron jobs.
struct DrillSurroundings:
    DeploymentJournal, ImageLedger, HostPreparation, HostSettingsControl, JobControl, ReleaseFiles, DataRenaming,
    Lifeline
{
    let base: any HostPreparation
    /// Ids of the deployed images, which were synced when they were deployed.
    let images: Set<String>

    /// No way leads out of its network.
    func neededAddresses(for plan: ResolvedPlan) async -> [NeededAddress] { [] }
    func obstacleToRepository() async -> String? { nil }

    /// It makes no backups.
    func problems(for plan: ResolvedPlan, secrets: Secrets) async -> [HostProblem] {
        var needed = plan
        needed.backup = nil
        return await base.problems(for: needed, secrets: secrets)
    }
    func createDataDirectories(for plan: ResolvedPlan) async throws -> [String] {
        try await base.createDataDirectories(for: plan)
    }
    func directory(of volume: VolumePlan, in plan: ResolvedPlan) -> String { base.directory(of: volume, in: plan) }
    func writeSecretFiles(for plan: ResolvedPlan, secrets: Secrets) async throws -> [String: [String: String]] {
        try await base.writeSecretFiles(for: plan, secrets: secrets)
    }
    /// Nothing of a drill has to survive a power cut, and syncing slows the services down.
    func syncEngineStorage() async throws {}

    /// The running stack has mounted them.
    func prepareReleaseFiles(
        for names: Set<String>, of plan: ResolvedPlan, secrets: Secrets, note: @escaping @Sendable (String) -> Void
    ) async throws {}
    func keepReleaseFiles(of versions: Set<String>) async throws {}

    func begin(_ deployment: NewDeployment) async throws -> Int64 { 0 }
    func stepStarted(_ step: DeploymentStep, of deployment: Int64) async throws {}
    func stepEnded(_ step: DeploymentStep, of deployment: Int64, error: String?) async throws {}
    func record(
        _ phase: ContainerRecord.Phase, container: String, image: StoredImage?, of deployment: Int64
    ) async throws {}
    func record(_ change: PlanChange, of deployment: Int64) async throws {}
    func end(_ deployment: Int64, _ end: DeploymentEnd) async throws {}

    func storageSynced(for deployment: Int64) async throws {}
    func imagesOnStableStorage() async throws -> Set<String> { images }
    func forgetImages(_ ids: Set<String>) async throws {}

    func applyHostSettings(_ settings: HostSettings?, for deployment: Int64) async throws -> [String] { [] }
    func restoreHostSettings() async throws {}
    func keepHostSettings(of deployment: Int64) async throws {}
    func keepMounts(of plan: ResolvedPlan?) async throws {}

    func problems(of plan: ResolvedPlan) async -> [HostProblem] { [] }
    func installJobs(
        for plan: ResolvedPlan, commit: CommitID, deployment: Int64, secrets: Secrets, replaced: Set<String>
    ) async throws -> [String] { [] }
    func removeJobs(of plan: ResolvedPlan, commit: CommitID, deployment: Int64) async throws {}

    func renames(for moves: [DataMove]) async throws -> [DataRename] { [] }
    func rename(_ rename: DataRename) async throws {}
    func keepRenames(of plan: ResolvedPlan) async throws {}
    func undoRenames() async throws -> [DataRename] { [] }
}

/// The host has no address on a drill's network.
extension DrillSurroundings: BridgeControl {
    func bridge(named name: String) async throws -> BridgeStatus? { nil }
    func removeBridge(named name: String) async throws {}
    func readdressBridge(named name: String, _ addresses: [String]) async throws {}
}

/// A drill has nothing that was there before.
extension DrillSurroundings: SnapshotKeeping, DataExchange, SnapshotJournal {
    private static let nothing = DeploymentError(
        "a drill changes no data", hint: "this is a fault of fairlead; please report it", disposition: .permanent)

    func snapshots() async throws -> [DataSnapshot] { [] }
    func makeRoom(for wanted: NewSnapshot, removing surplus: [DataSnapshot]) async throws {}
    func take(_ wanted: NewSnapshot, progress: @escaping @Sendable (String) -> Void) async throws -> DataSnapshot? {
        nil
    }
    func remove(_ snapshots: [DataSnapshot]) async throws {}
    func checkLoss(of stack: String) async throws {}
    func settle() async throws {}
    func checkSettling(for wanted: DataSnapshot?, finishing: Bool) async throws {}
    func checkExchange(_ snapshot: DataSnapshot) async throws { throw Self.nothing }
    func exchange(
        _ snapshot: DataSnapshot, settingAside aside: NewSnapshot, progress: @escaping @Sendable (String) -> Void
    ) async throws -> DataSnapshot { throw Self.nothing }
    func place(of snapshot: DataSnapshot) -> String { "" }
    func record(_ snapshot: SnapshotCost, of deployment: Int64) async throws {}
}
