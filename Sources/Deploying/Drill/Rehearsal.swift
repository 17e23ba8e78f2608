public import Model

/// Starts a deployed stack a second time on what its backups hold, by the steps of any deployment, and looks whether it
/// serves. What it made stays until `DrillEngine.removeAll()`.
public struct Rehearsal: Sendable {
    private let deployer: Deployer
    private let request: DeploymentRequest
    private let log: DrillLog

    /// `host`, `restore`, `data` and `trees` work on places of the drill's own; `note` is told what a deployment tells.
    public init(
        of deployed: DeployedState, as plan: ResolvedPlan, secrets: Secrets, engine: DrillEngine,
        host: any HostPreparation, restore: any DataRestoring, data: any DataMemory, trees: any TreeExport,
        options: DeploymentOptions, note: @escaping @Sendable (String) -> Void
    ) {
        let places = DrillSurroundings(base: host, images: Set(deployed.images.values.map(\.id)))
        log = DrillLog(note: note)
        let ports = DeploymentPorts(
            engine: engine, bridges: places, host: places, jobs: places, restore: restore, data: data,
            snapshots: places, releases: places, renames: places, lifeline: places, published: UnpublishedPorts(),
            trees: trees, journal: places, observer: log)
        var options = options
        // The rest of the host is not the drill's.
        options.exclusive = false
        deployer = Deployer(ports: ports, options: options)
        var desired = deployed.desired
        desired.plan = plan
        request = DeploymentRequest(
            desired: desired, commit: deployed.commit, secrets: secrets, trigger: .manual,
            knownImages: deployed.images)
    }

    /// Throws only a cancellation.
    public func run() async throws -> DrillOutcome {
        let result = try await deployer.deploy(request)
        return log.outcome(of: result, containers: request.desired.plan.containers.keys.sorted())
    }
}

/// What a drill came to.
public struct DrillOutcome: Sendable {
    public struct Container: Sendable {
        public let name: String
        /// From its start until it was healthy; absent when it did not become so.
        public let healthy: Duration?
    }

    /// Without any secret; absent when the stack serves.
    public let error: DeploymentError?
    /// Why newer backups than those that were restored could not be used.
    public let passedOver: [String]
    /// Until all data was there and checked.
    public let fetch: Duration
    /// From then until the last container was started.
    public let start: Duration?
    /// From then until the last container was healthy.
    public let healthy: Duration?
    public let containers: [Container]
}
