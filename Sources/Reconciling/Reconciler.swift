public import Deploying
public import Logging
public import Planning

/// Keeps the stack equal to the plan at the tip of the customer repo's branch, one cycle at a time.
public struct Reconciler: Sendable {
    public typealias Repository = CommitSource & Ancestry & CommitContents
    public typealias Memory = ReconcilerJournal & FailureMemory & HostMemory & DriftMemory & IncidentDesk.Memory

    let source: any Repository
    let gate: CommitGate
    let journal: any Memory
    let reader: CandidateReader
    let attribution: Attribution
    let stack: any StackInsight
    let surroundings: any ContainerSurroundings
    let published: any StackReach
    let data: any DataLearning
    let deployer: Deployer
    let exclusion: any HostExclusion
    let handOvers: any HandOverControl
    let takeOvers: any TakeOverControl
    let incidents: IncidentDesk
    let outages: Outages
    let options: ReconcilerOptions
    let logger: Logger
    let now: @Sendable () -> Timestamp

    public init(
        source: any Repository, gate: CommitGate, journal: any Memory, secrets: any SecretStore,
        stack: any StackInsight,
        surroundings: any ContainerSurroundings, published: any StackReach,
        data: any DataLearning, machine: any MachineInsight,
        deployer: Deployer,
        exclusion: any HostExclusion, handOvers: any HandOverControl, takeOvers: any TakeOverControl,
        files: any IncidentFiles,
        notifier: any Notifier,
        options: ReconcilerOptions, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.source = source
        self.gate = gate
        self.journal = journal
        reader = CandidateReader(
            source: source, secrets: secrets, machine: machine, host: options.host, policy: options.policy,
            stack: options.stack)
        attribution = Attribution(source: source, reader: reader)
        self.stack = stack
        self.surroundings = surroundings
        self.published = published
        self.data = data
        self.deployer = deployer
        self.exclusion = exclusion
        self.handOvers = handOvers
        self.takeOvers = takeOvers
        incidents = IncidentDesk(
            memory: journal, files: files, notifier: notifier, host: options.host, logger: logger)
        outages = Outages(watch: OutageWatch(), memory: journal, uptime: options.uptime, now: now)
        self.options = options
        self.logger = logger
        self.now = now
    }

    /// How much a cycle looks at.
    public struct Scope: Sendable {
        /// Read the plan again although the branch stands where it stood.
        public var rereads: Bool
        /// Fail when it cannot be seen whether the stack stands as it was left.
        public var checksStack: Bool
        /// Deploy although nothing differs.
        public var force: Bool

        public init(rereads: Bool, checksStack: Bool, force: Bool = false) {
            self.rereads = rereads
            self.checksStack = checksStack
            self.force = force
        }

        /// Only what is new.
        public static let poll = Scope(rereads: false, checksStack: false)
        /// The first cycle of a process, or one that an operator asked for.
        public static let full = Scope(rereads: true, checksStack: true)
    }

    /// Polls, decides, and deploys where something has to be. Throws when the repo cannot be read; the stack then runs on.
    /// Does nothing while an operator holds the host back.
    public func cycle(_ scope: Scope) async throws -> CycleReport {
        await incidents.catchUp()
        do {
            guard let suspension = try await journal.suspension() else { return try await openCycle(scope) }
            guard suspension.kind == .moved else { throw HeldBack(suspension: suspension) }
            return try await followAfterMove()
        } catch let held as HeldBack {
            return CycleReport(outcome: .suspended(held.suspension))
        }
    }

    func openCycle(_ scope: Scope) async throws -> CycleReport {
        let unseen = try await outgoingMove.isGivenAwayWhileDown() ? nil : try await tendHost(scope)
        let tip = try await branch.tip(scope)
        try await FreshnessDuty(gate: gate, incidents: incidents, journal: journal, logger: logger).tend(tip.commit)
        switch tip {
        case .unchanged(let seen):
            if let unseen { throw unseen }
            return CycleReport(outcome: .unchanged(seen))
        case .changed(let commit, let notes):
            if let report = try await giveAway(at: commit, notes: notes) { return report }
            return try await act(on: commit, notes: notes, scope)
        case .untrusted(let why, let notes): return try await refuse(why, notes: notes)
        }
    }

    private func tendHost(_ scope: Scope) async throws -> (any Error)? {
        try await recovery.finish()
        return try await tendStack(scope)
    }

    private func act(on commit: CommitID, notes: [String], _ scope: Scope) async throws -> CycleReport {
        let report = try await exclusive.run(for: "reconcile") {
            try await act(on: commit, notes: notes, force: scope.force)
        }
        // Overtaken: the stack is down or half up, so the newer commit does not wait for the next poll.
        guard case .deployment(_, let result) = report.outcome, result.outcome == .interrupted else { return report }
        return try await cycle(Scope(rereads: true, checksStack: false))
    }

    /// Returns the error of an engine that is silent: that is no reason not to poll, unless the stack is asked for.
    private func tendStack(_ scope: Scope) async throws -> (any Error)? {
        do {
            _ = try await repair.tend()
            return nil
        } catch let error where !(scope.checksStack || error is CancellationError || error is HeldBack) {
            return error
        }
    }

    var failures: FailureLog { FailureLog(memory: journal, retry: options.retry, now: now) }

    /// `nil` when no retry is planned.
    func timeToNextRetry() async -> Duration? {
        guard let tip = try? await journal.lastSeen(), (try? await journal.suspension()) == .some(nil) else {
            return nil
        }
        return try? await failures.timeToNextTry(at: tip.commit.id)
    }

    var requests: RequestWriter {
        RequestWriter(
            reader: reader, attribution: attribution, memory: journal, moves: takeOvers, outages: outages,
            bootID: options.bootID, logger: logger)
    }

    var observer: StackObserver {
        StackObserver(
            memory: journal, stack: stack, surroundings: surroundings, published: published, data: data,
            outages: outages, failures: failures, incidents: incidents, bootID: options.bootID, logger: logger)
    }

    var runner: DeploymentRunner {
        DeploymentRunner(
            deployer: deployer, memory: journal, moves: takeOvers, requests: requests,
            watch: NewerCommitWatch(
                source: source, gate: gate, reader: reader, memory: journal, failures: failures,
                interval: options.interval, logger: logger),
            observer: observer, retry: options.retry)
    }

    var exclusive: ExclusiveWork { ExclusiveWork(exclusion: exclusion, memory: journal) }

    var repair: DriftRepair {
        DriftRepair(
            memory: journal, observer: observer, runner: runner,
            recovery: RecoveryWatch(
                memory: journal, observer: observer, deployer: deployer, grace: options.restartGrace),
            exclusive: exclusive, confirmation: options.confirmation, logger: logger)
    }

    /// Between two polls, when something happened to a container. Asks no git server. Returns whether a newer commit
    /// overtook a repair, and is to be polled for now.
    public func checkStack() async throws -> Bool {
        // One that was cut off is left for the next poll.
        guard try await journal.suspension() == nil, try await journal.unfinishedDeployment() == nil else {
            return false
        }
        do {
            return try await repair.tend()
        } catch is HeldBack {
            return false
        }
    }

    /// Ends what was told and remembered of a stack, where nothing counts as deployed any more.
    public func forgetStack() async throws { try await observer.forgetStack() }

    var recovery: Recovery {
        Recovery(
            memory: journal, deployer: deployer, runner: runner, rollBack: operatorRollBack, exclusive: exclusive,
            logger: logger)
    }

    var outgoingMove: OutgoingMove {
        OutgoingMove(
            source: source, gate: gate, reader: reader, memory: journal, control: handOvers, runner: runner,
            exclusive: exclusive, retry: options.retry, logger: logger, now: now)
    }

    var incomingMove: IncomingMove {
        IncomingMove(
            source: source, reader: reader, control: takeOvers, host: options.host, limit: options.takeOverWait,
            now: now)
    }

    var branch: BranchFollower {
        BranchFollower(
            source: source, gate: gate, memory: journal, incidents: incidents, options: options, logger: logger,
            now: now,
            stackUp: { outages.wholeSeen }, meanwhile: { _ = try await checkStack() })
    }
}
