public import Model

/// Everything that a deployment acts through.
public struct DeploymentPorts: Sendable {
    public var images: any ImageSupply
    public var imageInsight: any ImageInsight
    public var signatures: any ImageVouching
    public var containers: any ContainerControl
    public var insight: any ContainerInsight
    public var namespaces: any UserNamespaces
    public var networks: any NetworkControl
    public var bridges: any BridgeControl
    public var host: any HostPreparation
    public var settings: any HostSettingsControl
    public var jobs: any JobControl
    public var restore: any DataRestoring
    public var data: any DataMemory
    public var releases: any ReleaseFiles
    public var snapshots: any SnapshotKeeping
    public var exchange: any DataExchange
    public var renames: any DataRenaming
    public var lifeline: any Lifeline
    public var published: any PublishedPorts
    public var trees: any TreeExport
    public var journal: any DeploymentJournal
    public var snapshotJournal: any SnapshotJournal
    public var ledger: any ImageLedger
    public var observer: any DeploymentObserver

    public init(
        engine: any ImageSupply & ImageInsight & ContainerControl & ContainerInsight & NetworkControl & UserNamespaces,
        bridges: any BridgeControl,
        host: any HostPreparation & HostSettingsControl, jobs: any JobControl, restore: any DataRestoring,
        data: any DataMemory, snapshots: any SnapshotKeeping & DataExchange, releases: any ReleaseFiles,
        renames: any DataRenaming, lifeline: any Lifeline, published: any PublishedPorts, trees: any TreeExport,
        journal: any DeploymentJournal & ImageLedger & SnapshotJournal,
        observer: any DeploymentObserver, signatures: any ImageVouching = UncheckedImages()
    ) {
        images = engine
        imageInsight = engine
        self.signatures = signatures
        containers = engine
        insight = engine
        namespaces = engine
        networks = engine
        self.bridges = bridges
        self.host = host
        settings = host
        self.jobs = jobs
        self.restore = restore
        self.data = data
        self.releases = releases
        self.snapshots = snapshots
        exchange = snapshots
        self.renames = renames
        self.lifeline = lifeline
        self.published = published
        self.trees = trees
        self.journal = journal
        snapshotJournal = journal
        ledger = journal
        self.observer = observer
    }
}

/// What the VSN's configuration says about deployments.
public struct DeploymentOptions: Sendable {
    /// Containers, images and pulls handled at once.
    public var parallelism: Int
    /// How long a container without a health check must stay running.
    public var stabilityPeriod: Duration
    /// The host is Fairlead's alone: every container and every unused image on it is dropped.
    public var exclusive: Bool
    /// How long a git server that answered may be silent after the host's network was changed.
    public var repositoryPatience: Duration
    /// What images may be, and builds may start from.
    public var policy: VSNPolicy
    /// Whose programs the host runs now; `nil` where it is not known.
    public var platform: @Sendable () -> HostPlatform?
    /// Whether systemd's journal runs on the host now.
    public var hasJournal: @Sendable () -> Bool
    /// Called at named points; lets tests kill the process there.
    public var checkpoint: @Sendable (String) -> Void

    public init(
        parallelism: Int = 4, stabilityPeriod: Duration = .seconds(5), exclusive: Bool = false,
        repositoryPatience: Duration = .seconds(60), policy: VSNPolicy = VSNPolicy(),
        platform: @escaping @Sendable () -> HostPlatform? = { nil },
        hasJournal: @escaping @Sendable () -> Bool = { false },
        checkpoint: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.parallelism = parallelism
        self.stabilityPeriod = stabilityPeriod
        self.exclusive = exclusive
        self.repositoryPatience = repositoryPatience
        self.policy = policy
        self.platform = platform
        self.hasJournal = hasJournal
        self.checkpoint = checkpoint
    }
}
