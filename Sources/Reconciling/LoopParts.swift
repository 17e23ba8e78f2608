internal import Deploying
internal import Logging
internal import Planning

/// The ports of the loop, and the parts that work through them.
struct LoopParts: Sendable {
    let source: any Reconciler.Repository
    let gate: CommitGate
    let journal: any Reconciler.Memory
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

    var failures: FailureLog { FailureLog(memory: journal, retry: options.retry, now: now) }

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

    var freshness: FreshnessDuty {
        FreshnessDuty(gate: gate, incidents: incidents, logger: logger)
    }

    var refusal: CommitRefusal {
        CommitRefusal(
            source: source, memory: journal, attribution: attribution, requests: requests, failures: failures,
            incidents: incidents, logger: logger)
    }

    var deployment: CommitDeployment {
        CommitDeployment(
            memory: journal, branch: branch, reader: reader, move: incomingMove, runner: runner, refusal: refusal)
    }

    var moves: MoveFollower {
        MoveFollower(
            memory: journal, source: source, branch: branch, reader: reader, outgoing: outgoingMove, refusal: refusal,
            host: options.host)
    }

    var operatorRollBack: OperatorRollBack { OperatorRollBack(parts: self) }

    /// As `Reconciler.checkStack`.
    func checkStack() async throws -> Bool {
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
}
