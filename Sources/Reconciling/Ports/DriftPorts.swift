public import Model

/// What runs on this host.
public protocol StackInsight: Sendable {
    /// Every container of the engine.
    func allContainers() async throws -> [ContainerStatus]
    /// Every network of the engine.
    func allNetworks() async throws -> [NetworkStatus]
    /// `nil` when it is gone.
    func inspect(_ id: String) async throws -> ContainerStatus?
}

/// What the host itself knows of containers, beside the engine.
public protocol ContainerSurroundings: Sendable {
    /// The limits that the kernel holds the container to; a limit that there is none of is `nil`. `nil` when unknown.
    func limits(of container: ContainerStatus) -> ResourcePlan?
    /// Whether what the engine calls running lives; `nil` when unknown.
    func life(of container: ContainerStatus) -> ContainerLife?
    /// The containers, by their names in the plan, that the health check restarted in vain and leaves alone now.
    func containersGivenUp() -> Set<String>
    /// Whether the container sees at `target` what lies now in data directory `data` of `stack`; `nil` when it cannot be
    /// told.
    func sees(_ data: String, of stack: String, at target: String, in container: ContainerStatus) -> Bool?
}

/// What is remembered of differences between what runs and what was deployed.
public protocol DriftMemory: Sendable {
    /// The newest deployment that created each container, by container.
    func originOfContainers() async throws -> [String: Int64]
    /// What lasts now: a finding that is new is recorded, one that is missing here is gone. `lastSeen`: when each subject was
    /// last seen to differ. Returns what is new.
    func recordDrift(_ findings: [DriftFinding], lastSeen: [String: Timestamp]) async throws -> [DriftFinding]
    /// What lasts now.
    func openDrift() async throws -> [DriftRecord]
    /// When each container last passed the health gate of a deployment, as far as that is kept.
    func lastPassedGates() async throws -> [String: Timestamp]
    /// How far each container came since it was made last: made, started, healthy or failed, as far as that is kept.
    func lastGates() async throws -> [String: ContainerRecord]
    /// Records of each of `containers` that it serves, to the deployment that made it, which has ended.
    func recordPasses(of containers: Set<String>) async throws
    /// With when the stack was last seen up before this process began.
    func lastPoll() async throws -> PollRecord?
}

/// Whether the data directories of a stack are those that they were.
public protocol DataInsight: Sendable {
    /// What became of those that are others now, by name, as far as they are known.
    func changes(of plan: ResolvedPlan) async throws -> [String: DataChange]
}

/// Learns what the data directories of a stack are that runs as it was deployed.
public protocol DataLearning: DataInsight {
    /// What is known of one already is kept, so that another one in its place is noticed.
    func learn(_ plan: ResolvedPlan) async throws
}
