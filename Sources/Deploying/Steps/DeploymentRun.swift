internal import Model

/// One deployment while it runs: what it was asked for, and what its steps share.
struct DeploymentRun: Sendable {
    let id: Int64
    var request: DeploymentRequest
    let ports: DeploymentPorts
    let options: DeploymentOptions
    let preemption: Preemption
    /// Why newer backups were not restored.
    var passedOver = SharedNotes()
    /// What of restored data could not be brought back.
    var restoredInPart = SharedNotes()
    var data = SnapshotMemory()
    var lost = LostAddresses()

    var plan: ResolvedPlan { request.desired.plan }

    /// The containers that this deployment replaces.
    var targets: Set<String> { request.replacing ?? Set(plan.containers.keys) }

    /// A step that has begun.
    struct OpenStep {
        let step: DeploymentStep
        let began: ContinuousClock.Instant
    }

    /// Records the step before anything of it is done.
    func enter(_ step: DeploymentStep) async throws -> OpenStep {
        let open = OpenStep(step: step, began: .now)
        options.checkpoint("before \(step.rawValue)")
        try await journalled { try await ports.journal.stepStarted(step, of: id) }
        ports.observer.deployment(.stepStarted(step))
        options.checkpoint("in \(step.rawValue)")
        return open
    }

    func leave(_ open: OpenStep, error: (any Error)? = nil) async throws {
        // What to do is told with the outcome, once.
        let text = error.map { request.secrets.telling(($0 as? any Actionable)?.message ?? "\($0)") }
        options.checkpoint("after \(open.step.rawValue)")
        try await journalled { try await ports.journal.stepEnded(open.step, of: id, error: text) }
        ports.observer.deployment(.stepEnded(open.step, ContinuousClock.now - open.began, error: text))
    }

    /// Runs `body` between the two records of `step`; a cancellation leaves it open, for the next start to find.
    func step<Result>(_ step: DeploymentStep, _ body: () async throws -> Result) async throws -> Result {
        let open = try await enter(step)
        do {
            let result = try await body()
            try await leave(open)
            return result
        } catch let error where error.failsStep {
            try await leave(open, error: error)
            throw error
        }
    }

    func record(_ phase: ContainerRecord.Phase, _ container: String, image: StoredImage? = nil) async throws {
        ports.observer.deployment(.container(container, phase))
        try await journalled {
            try await ports.journal.record(phase, container: container, image: image, of: id)
        }
        options.checkpoint("\(container) \(phase.rawValue)")
    }

    func record(_ change: PlanChange) async throws {
        try await journalled { try await ports.journal.record(change, of: id) }
    }

    func journalled(_ write: () async throws -> Void) async throws {
        do { try await write() } catch let error where error.failsStep { throw JournalFailure(underlying: error) }
    }
}
