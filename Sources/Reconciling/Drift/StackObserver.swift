internal import Deploying
internal import Logging
internal import Model

/// Looks at what runs beside what counts as deployed, and tells of what differs.
struct StackObserver: Sendable {
    typealias Memory = ReconcilerJournal & HostMemory & DriftMemory

    let memory: any Memory
    let stack: any StackInsight
    let surroundings: any ContainerSurroundings
    let published: any StackReach
    let data: any DataLearning
    let outages: Outages
    let failures: FailureLog
    let incidents: LoopIncidents
    /// Of this boot of the host.
    let bootID: String
    let logger: Logger

    /// `nil` when nothing is deployed, or a deployment runs or was cut off.
    func look() async throws -> StackObservation? {
        guard try await memory.unfinishedDeployment() == nil else { return nil }
        guard let deployed = try await memory.deployedState() else {
            try await forgetStack()
            return nil
        }
        let began = outages.now()
        let observed = try await ObservedStack(
            of: deployed.desired.plan, engine: stack, surroundings: surroundings, ports: published,
            data: data, origins: try await memory.originOfContainers())
        let look = StackObservation(deployed, observed, booted: try await memory.lastBootID() != bootID)
        try await outages.note(look, since: began)
        return look
    }

    /// Whether a container of any stack of ours runs.
    func isAnyStackUp() async throws -> Bool {
        try await stack.allContainers().contains { container in
            container.labels[FairleadLabel.stack] != nil && [.running, .paused, .stopping].contains(container.state)
        }
    }

    /// Names each finding once, in the journal and in the log.
    func tell(_ findings: [DriftFinding]) async throws {
        for finding in try await outages.record(findings) {
            logger.warning(
                "what runs is not what was deployed",
                metadata: ["subject": "\(finding.subject)", "finding": "\(finding.text)"])
        }
    }

    /// Ends what was told and remembered of a stack, where nothing counts as deployed any more.
    func forgetStack() async throws {
        guard try await memory.deployedState() == nil else { return }
        outages.forget()
        try await failures.forget(where: \.isOfDeployed)
        try await tell([])
        try await incidents.nothingStands()
    }

    /// A deployment may have mended what was told of: that is told now, and not with the next poll. An engine that does not answer
    /// by then makes no failure of what has succeeded.
    func tellWhole() async throws {
        do {
            guard let look = try await look(), look.findings.isEmpty else { return }
            try await incidents.noDriftStands(look.deployed)
        } catch let error where !(error is CancellationError) {
            logger.warning("what runs now cannot be seen; it is looked at again", metadata: ["reason": "\(error)"])
        }
    }
}
