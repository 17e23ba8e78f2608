public import Model

/// Checks and prepares the host's own file systems.
public protocol HostPreparation: Sendable {
    /// What is wrong with this host for `plan`: root, commands, free space, host paths, busy ports, what its backups need.
    /// Empty when nothing.
    func problems(for plan: ResolvedPlan, secrets: Secrets) async -> [HostProblem]
    /// Creates the data directories that are missing, with owner and mode, synced; existing ones stay as they are.
    /// Returns what it created. Looks at the host paths once more, which are mounted next.
    func createDataDirectories(for plan: ResolvedPlan) async throws -> [String]
    /// Where a volume of `plan` lies on the host.
    func directory(of volume: VolumePlan, in plan: ResolvedPlan) -> String
    /// Writes mounted secrets into memory; returns the host path by container and target.
    func writeSecretFiles(for plan: ResolvedPlan, secrets: Secrets) async throws -> [String: [String: String]]
    /// Makes everything that the engine wrote survive a power cut.
    func syncEngineStorage() async throws
}

/// The immutable working trees that containers mount.
public protocol TreeExport: Sendable {
    /// The directory with `files/` and `images/` of `commit`, exported now unless it is there; complete and synced.
    func tree(of commit: CommitID) async throws -> String
    /// Removes all others.
    func keepOnly(_ commits: Set<CommitID>) async throws
}

/// Where the deployment writes what it does, before it does it.
public protocol DeploymentJournal: Sendable {
    func begin(_ deployment: NewDeployment) async throws -> Int64
    func stepStarted(_ step: DeploymentStep, of deployment: Int64) async throws
    func stepEnded(_ step: DeploymentStep, of deployment: Int64, error: String?) async throws
    func record(_ phase: ContainerRecord.Phase, container: String, image: StoredImage?, of deployment: Int64)
        async throws
    /// Adds what the deployment found or did itself to what differs from the deployed plan.
    func record(_ change: PlanChange, of deployment: Int64) async throws
    /// One transaction: outcome, what counts as deployed, and the images that are known to be on stable storage.
    func end(_ deployment: Int64, _ end: DeploymentEnd) async throws
}

/// Which stored images can be trusted after a power cut.
public protocol ImageLedger: Sendable {
    /// Everything that was recorded as ready for `deployment` is on stable storage now.
    func storageSynced(for deployment: Int64) async throws
    /// Ids of all images that Fairlead brought to this host and that were synced.
    func imagesOnStableStorage() async throws -> Set<String>
    func forgetImages(_ ids: Set<String>) async throws
}
