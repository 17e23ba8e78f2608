public import Deploying
public import Incidents
internal import Logging
public import Model
public import Reconciling

/// A whole host in memory, around the real loop, the real five steps and a journal that the test gives.
public struct LoopHost: Sendable {
    public typealias Memory = Reconciler.Memory & IncidentReporter.Memory & DeploymentJournal & ImageLedger
        & SnapshotJournal

    public let repository: ScriptedRepository
    public let engine: SimulatedEngine
    public let surroundings: SimulatedSurroundings
    /// Of the engine and the host.
    public let calls: Calls
    /// Of the repo's server.
    public let gitCalls: Calls
    public let moves: SimulatedMoves
    public let signers = SimulatedSigners()
    public let clock: TestClock
    private let journal: any Memory
    private let notificationLock: String

    /// `directory`: for its locks. `hold` holds the host back with a move to another one, or ends that.
    public init(
        journal: any Memory, in directory: String, clock: TestClock,
        hold: @escaping @Sendable (OutgoingMoveRecord?) async throws -> Void
    ) {
        calls = Calls()
        gitCalls = Calls()
        repository = ScriptedRepository(calls: gitCalls)
        engine = SimulatedEngine(calls: calls)
        surroundings = SimulatedSurroundings(calls: calls)
        moves = SimulatedMoves(calls: calls, hold: hold)
        self.clock = clock
        self.journal = journal
        notificationLock = directory + "/notifications.lock"
    }

    public func deployer(checkpoint: @escaping @Sendable (String) -> Void = { _ in }) -> Deployer {
        let host = SimulatedHost(calls: calls)
        let data = SimulatedData(calls: calls)
        return Deployer(
            ports: DeploymentPorts(
                engine: engine, bridges: host, host: host, jobs: host, restore: data, data: data, snapshots: data,
                releases: host,
                renames: data, lifeline: host, published: surroundings, trees: host, journal: journal, observer: host),
            options: DeploymentOptions(stabilityPeriod: .zero, checkpoint: checkpoint))
    }

    /// A new process of the daemon, `boot` being the host's boot that it runs in, and `trust` what has to be signed.
    public func reconciler(
        boot: String = "1", trust: TrustSettings = TrustSettings(),
        change: (inout ReconcilerOptions) -> Void = { _ in }
    ) -> Reconciler {
        var options = ReconcilerOptions(
            host: "vsn1", retry: Backoff(attempts: 3, firstDelay: .seconds(10), longestDelay: .seconds(40)),
            confirmation: .zero, restartGrace: .zero, bootID: boot)
        change(&options)
        var logger = Logger(label: "loop") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return Reconciler(
            source: repository,
            gate: gate(trust),
            journal: journal, secrets: surroundings, stack: engine, surroundings: surroundings,
            published: surroundings, data: SimulatedData(calls: calls), machine: surroundings, deployer: deployer(),
            exclusion: surroundings, outgoingMoves: moves, incomingMoves: moves,
            reporter: IncidentReporter(
                memory: journal, notifier: surroundings, lock: notificationLock, logger: logger, now: clock.now),
            files: surroundings, options: options, logger: logger, now: clock.now)
    }
}

extension LoopHost {
    private func gate(_ trust: TrustSettings) -> CommitGate {
        let freshness = trust.maximumAge.map { age in
            FreshnessWatch(
                maximumAge: age, branch: "main", source: repository, heartbeats: signers, memory: signers,
                now: clock.now)
        }
        return CommitGate(
            settings: trust, host: "vsn1", source: repository, signatures: signers, memory: signers,
            freshness: freshness, now: clock.now)
    }
}
