public import Model

/// One deployment to run.
public struct DeploymentRequest: Sendable {
    public var desired: DesiredState
    public var commit: CommitID
    /// Every secret that the plan refers to.
    public var secrets: Secrets
    public var trigger: DeploymentTrigger
    public var changes: [PlanChange]
    /// What counts as deployed now, for the order of its stopping and for a roll back.
    public var previous: PreviousStack?
    /// Only these containers are replaced; `nil` is the whole stack.
    public var replacing: Set<String>?
    /// Images of an earlier try or of the saved plan, by container: used without asking a registry while they are stored.
    public var knownImages: [String: StoredImage]
    /// The host went down since images were last known to be good: an image that is not on stable storage is dropped.
    public var distrustsStoredImages: Bool
    /// The engine was seen to have started containers on other data than theirs: where they cannot be made anew, they are
    /// removed, and only they where only they are replaced.
    public var hasStrays = false
    /// Whose backups fill data directories that are empty.
    public var origin: RestoreOrigin
    /// The plan, for people to read; `nil` when it is not known how it was written.
    public var document: PlanDocument?
    /// The data directories that had other names before.
    public var moves: [DataMove]
    /// A deployment that was cut off; its record is closed by this one.
    public var recovering: DeploymentRecord?
    /// The data of before that takes the place of what is there.
    public var restoring: DataSnapshot?
    /// How long the stack has been down already; `nil` when it runs, or nothing was deployed.
    public var downBefore: Duration?
    /// What did not serve already, and since when, beside what `changes` says of it; told in the record.
    public var outages: [PlanChange] = []
    /// Why else it is run; told in the record.
    public var remarks: [PlanChange] = []

    public init(
        desired: DesiredState, commit: CommitID, secrets: Secrets, trigger: DeploymentTrigger,
        changes: [PlanChange] = [], previous: PreviousStack? = nil, replacing: Set<String>? = nil,
        knownImages: [String: StoredImage] = [:], distrustsStoredImages: Bool = false,
        origin: RestoreOrigin = .stack, moves: [DataMove] = [], recovering: DeploymentRecord? = nil,
        restoring: DataSnapshot? = nil
    ) {
        self.desired = desired
        self.commit = commit
        self.secrets = secrets
        self.trigger = trigger
        self.changes = changes
        self.previous = previous
        self.replacing = replacing
        self.knownImages = knownImages
        self.distrustsStoredImages = distrustsStoredImages
        self.origin = origin
        self.moves = moves
        self.recovering = recovering
        self.restoring = restoring
    }

    /// It ends an outage that began before; `timeSince` tells how long ago that is.
    public mutating func continueOutage(_ begin: OutageBegin, _ timeSince: (Timestamp) -> Duration) {
        downBefore = timeSince(begin.latest)
        // What is exact is told by the downtime.
        guard !begin.isExact else { return }
        outages = [PlanChange(subject: "stack", kind: .changed, text: begin.words, down: begin)]
    }

    /// It ends the outage that `unfinished` found or made, unless an older one is known.
    public mutating func continueOutage(of unfinished: DeploymentRecord, _ timeSince: (Timestamp) -> Duration) {
        guard downBefore == nil, let stop = unfinished.firstStop else { return }
        let begin = unfinished.wentDown.flatMap { $0.latest == stop ? $0 : nil }
        continueOutage(begin ?? OutageBegin(at: stop), timeSince)
    }

    /// Whether what is deployed is only started again.
    var restarts: Bool { trigger.purpose.restarts }

    /// Whether the engine may have started containers by itself on other data than theirs.
    var mayHaveStrays: Bool { hasStrays || trigger.purpose.startsSavedPlan && distrustsStoredImages }

    /// Whether any container is replaced: cron jobs, mail and host settings change without that.
    var touchesContainers: Bool { replacing?.isEmpty != true }

    /// Whether it stops anything that users miss.
    var stopsService: Bool { replacing?.contains(where: serves) ?? true }

    /// Whether users miss a container of this name while it is down: not one that a stranger made with our labels.
    func serves(_ name: String) -> Bool {
        desired.plan.containers[name] != nil || previous?.state.desired.plan.containers[name] != nil
    }

    /// Whether the stack may already have been stopped before this deployment began.
    var stackWasTouched: Bool {
        trigger.purpose.startsSavedPlan || (recovering?.steps.contains { $0.step.touchesContainers } ?? false)
    }
}

/// The stack that ran before.
public struct PreviousStack: Sendable {
    public var state: DeployedState
    /// `nil` when they can no longer be read; it then cannot be started again.
    public var secrets: Secrets?

    public init(state: DeployedState, secrets: Secrets?) {
        self.state = state
        self.secrets = secrets
    }
}

/// How a deployment ended.
public struct DeploymentResult: Sendable {
    public var deployment: Int64
    public var outcome: DeploymentOutcome
    /// Without any secret.
    public var error: DeploymentError?
    public var downtimeMilliseconds: Int64?
    /// Where it may have been longer.
    public var downtimeAtMostMilliseconds: Int64?
    /// Why newer backups than those that were restored could not be used; without any secret.
    public var passedOver: [String]
    /// What of the data that was restored could not be brought back; without any secret.
    public var restoredInPart: [String]

    public init(
        deployment: Int64, outcome: DeploymentOutcome, error: DeploymentError? = nil,
        downtimeMilliseconds: Int64? = nil, downtimeAtMostMilliseconds: Int64? = nil,
        passedOver: [String] = [], restoredInPart: [String] = []
    ) {
        self.deployment = deployment
        self.outcome = outcome
        self.error = error
        self.downtimeMilliseconds = downtimeMilliseconds
        self.downtimeAtMostMilliseconds = downtimeAtMostMilliseconds
        self.passedOver = passedOver
        self.restoredInPart = restoredInPart
    }
}
