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
    let outages = OutageWatch()
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
        let unseen = try await isGivenAwayWhileDown() ? nil : try await tendHost(scope)
        let seen = try await journal.lastSeen()
        let tip = try await notingStaleness { try await follow(scope, after: seen) }
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
        try await finishCutOff()
        return try await tendStack(scope)
    }

    private func act(on commit: CommitID, notes: [String], _ scope: Scope) async throws -> CycleReport {
        let report = try await exclusively(for: "reconcile") {
            try await act(on: commit, notes: notes, force: scope.force)
        }
        // Overtaken: the stack is down or half up, so the newer commit does not wait for the next poll.
        guard case .deployment(_, let result) = report.outcome, result.outcome == .interrupted else { return report }
        return try await cycle(Scope(rereads: true, checksStack: false))
    }

    /// What the branch brought.
    enum Tip {
        case unchanged(CommitRecord)
        case changed(CommitID, notes: [String])
        /// It is not believed: nothing of it is read.
        case untrusted(UntrustedCommit, notes: [String])

        var commit: CommitID {
            switch self {
            case .unchanged(let seen): seen.commit.id
            case .changed(let id, _): id
            case .untrusted(let why, _): why.tip
            }
        }
    }

    func follow(_ scope: Scope, after seen: CommitRecord?) async throws -> Tip {
        let tip = try await newest(of: try await poll(), and: seen)
        if let seen, seen.commit.id == tip.commit, !scope.rereads, !scope.force,
            try await !tendSigners(at: tip.commit), try await isSettled(seen)
        {
            return .unchanged(seen)
        }
        try await bring(tip)
        _ = try await tendSigners(at: tip.commit)
        return try await pass(tip, after: seen)
    }

    /// Before the tip is judged: who may sign it may have changed. Whether it did.
    private func tendSigners(at tip: CommitID) async throws -> Bool {
        try await RotationDuty(gate: gate, incidents: incidents, journal: journal, logger: logger).tend(tip)
    }

    /// Looks after the stack meanwhile: a fetch may take hours. What keeps a tip from being brought here is shown as the
    /// repo's state, until it is here.
    private func bring(_ tip: RemoteTip) async throws {
        let vigil = Vigil(interval: options.interval, logger: logger) { _ = try await checkStack() }
        do {
            try await vigil.during { try await source.fetch(tip) }
        } catch let error where !(error is CancellationError) {
            try await journal.recordPoll(servedBy: tip.servedBy, error: "\(error)", stackUp: outages.wholeSeen)
            throw error
        }
    }

    /// Returns the error of an engine that is silent: that is no reason not to poll, unless the stack is asked for.
    private func tendStack(_ scope: Scope) async throws -> (any Error)? {
        do {
            _ = try await tendStack()
            return nil
        } catch let error where !(scope.checksStack || error is CancellationError || error is HeldBack) {
            return error
        }
    }

    private func poll() async throws -> RemoteTip {
        do {
            let tip = try await source.remoteTip()
            try await journal.recordPoll(
                servedBy: tip.servedBy, error: tip.failures.isEmpty ? nil : tip.failures.joined(separator: "; "),
                stackUp: outages.wholeSeen)
            return tip
        } catch let error where !(error is CancellationError) {
            try await journal.recordPoll(servedBy: nil, error: "\(error)", stackUp: outages.wholeSeen)
            throw error
        }
    }

    /// Whether nothing is left to do for a commit that was seen before.
    private func isSettled(_ seen: CommitRecord) async throws -> Bool {
        switch seen.verdict {
        case .handedOver: return true
        // A teardown that was taken back between two polls leaves nothing that counts as deployed.
        case .deployed, .nothingToDeploy:
            guard try await journal.deployedState() != nil else { return false }
            return try await journal.unfinishedDeployment() == nil
        case .pending, .superseded: return false
        case .refused, .rolledBack:
            if try await gate.awaitsApproval(of: seen.commit.id) { return false }
            let failures = try await journal.failures().filter { $0.commit == seen.commit.id }
            return !failures.isEmpty && failures.allSatisfy { $0.isHeldBack(at: now()) }
        }
    }
}
