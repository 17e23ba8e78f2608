/// The five steps of a deployment, and the roll back.
public enum DeploymentStep: String, Codable, Sendable, CaseIterable {
    case validate
    case tearDown = "tear down"
    case create
    case maintenance
    case finalise
    case rollBack = "roll back"

    /// Whether containers may be stopped or started in it. The maintenance step comes after one that does, or replaces none.
    public var touchesContainers: Bool { self != .validate && self != .maintenance }
}

/// One deployment as the journal keeps it; the receipt is its JSON form.
public struct DeploymentRecord: Codable, Hashable, Sendable {
    public var id: Int64
    public var commit: CommitID?
    public var version: String
    public var planDigest: String
    public var trigger: DeploymentTrigger
    public var started: Timestamp
    public var ended: Timestamp?
    /// `nil` while it runs, or when it was cut off.
    public var outcome: DeploymentOutcome?
    public var error: String?
    public var hint: String?
    /// From the first stop until every container was healthy, or what ran before was again; of one that ends an outage or
    /// maintenance, since that began; of one that finds containers down, since then, as far as that is known: at least.
    public var downtimeMilliseconds: Int64?
    public var changes: [PlanChange]
    public var steps: [StepRecord]
    public var containers: [ContainerRecord]
    /// By container name.
    public var images: [String: StoredImage]
    /// The copy of the data from before it.
    public var snapshot: SnapshotCost?
    /// The copy of the data that it puts back.
    public var restored: BackupRunID?
    /// Why the host believed the commit; absent where commits are not verified.
    public var warrant: CommitWarrant?

    public init(
        id: Int64, commit: CommitID?, version: String, planDigest: String, trigger: DeploymentTrigger,
        started: Timestamp, ended: Timestamp? = nil, outcome: DeploymentOutcome? = nil, error: String? = nil,
        hint: String? = nil, downtimeMilliseconds: Int64? = nil, changes: [PlanChange] = [],
        steps: [StepRecord] = [], containers: [ContainerRecord] = [], images: [String: StoredImage] = [:],
        snapshot: SnapshotCost? = nil, restored: BackupRunID? = nil, warrant: CommitWarrant? = nil
    ) {
        self.warrant = warrant
        self.id = id
        self.commit = commit
        self.version = version
        self.planDigest = planDigest
        self.trigger = trigger
        self.started = started
        self.ended = ended
        self.outcome = outcome
        self.error = error
        self.hint = hint
        self.downtimeMilliseconds = downtimeMilliseconds
        self.changes = changes
        self.steps = steps
        self.containers = containers
        self.images = images
        self.snapshot = snapshot
        self.restored = restored
    }
}

public struct StepRecord: Codable, Hashable, Sendable {
    public var step: DeploymentStep
    public var started: Timestamp
    /// `nil` while it runs, or when it was cut off.
    public var ended: Timestamp?
    public var error: String?

    public init(step: DeploymentStep, started: Timestamp, ended: Timestamp? = nil, error: String? = nil) {
        self.step = step
        self.started = started
        self.ended = ended
        self.error = error
    }
}

/// A moment in the life of one container during a deployment.
public struct ContainerRecord: Codable, Hashable, Sendable {
    public enum Phase: String, Codable, Sendable {
        case imageReady = "image ready"
        case stopped, removed, created, started, healthy
        case failed
    }

    public var container: String
    public var phase: Phase
    public var time: Timestamp

    public init(container: String, phase: Phase, time: Timestamp) {
        self.container = container
        self.phase = phase
        self.time = time
    }
}

/// The first lines of a deployment, written before it acts.
public struct NewDeployment: Sendable {
    public var commit: CommitID?
    /// Of the plan; empty without one, as is its digest.
    public var version: String
    public var planDigest: String
    public var trigger: DeploymentTrigger
    public var changes: [PlanChange]
    /// The plan, for people to read.
    public var document: PlanDocument?
    /// The copy of the data that it puts back.
    public var restored: BackupRunID?

    public init(
        commit: CommitID?, version: String, planDigest: String, trigger: DeploymentTrigger,
        changes: [PlanChange], document: PlanDocument? = nil, restored: BackupRunID? = nil
    ) {
        self.commit = commit
        self.version = version
        self.planDigest = planDigest
        self.trigger = trigger
        self.changes = changes
        self.document = document
        self.restored = restored
    }
}

/// How a deployment ended.
public struct DeploymentEnd: Sendable {
    public var outcome: DeploymentOutcome
    public var error: String?
    public var hint: String?
    public var downtimeMilliseconds: Int64?
    /// What counts as deployed from now on; `nil` means nothing, unless `keepsDeployed`.
    public var deployed: DeployedState?
    /// The stack was not touched: what counted as deployed still does.
    public var keepsDeployed: Bool

    public init(
        outcome: DeploymentOutcome, error: String? = nil, hint: String? = nil, downtimeMilliseconds: Int64? = nil,
        deployed: DeployedState? = nil, keepsDeployed: Bool = false
    ) {
        self.outcome = outcome
        self.error = error
        self.hint = hint
        self.downtimeMilliseconds = downtimeMilliseconds
        self.deployed = deployed
        self.keepsDeployed = keepsDeployed
    }
}
